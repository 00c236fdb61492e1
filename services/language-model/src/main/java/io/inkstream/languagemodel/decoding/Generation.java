package io.inkstream.languagemodel.decoding;

import io.inkstream.languagemodel.text.Vocabulary;
import java.util.Random;

/**
 * One request under way: the model's state, the text so far, and the generator of its random numbers. Begun by {@link
 * Decoder#begin}, moved on by {@link Decoder#read} and {@link Decoder#step}; used by one thread at a time.
 */
public final class Generation {

    /** How long a text can become, in UTF-16 units; a vocabulary may hold words as long as a record. */
    public static final int LONGEST_TEXT = 1024 * 1024;

    private final Decoder decoder;
    private final String prefix;
    private final DecodingOptions options;
    private final int unknownTokens;
    private final RecurrentState recurrentState;
    private final Random random;
    private final GeneratedText text;
    /** The prefix's tokens, or {@link Vocabulary#UNKNOWN_ID} for none. */
    private final int[] prefixTokens;
    /** How many of them were fed. */
    private int fed;

    private int nextInput;
    private int tokens;
    private GenerationState state = GenerationState.UNDER_WAY;

    Generation(
            Decoder decoder,
            String prefix,
            DecodingOptions options,
            int unknownTokens,
            RecurrentState recurrentState,
            int[] prefixTokens) {
        this.decoder = decoder;
        this.prefix = prefix;
        this.options = options;
        this.unknownTokens = unknownTokens;
        this.recurrentState = recurrentState;
        this.prefixTokens = prefixTokens;
        this.nextInput = prefixTokens[0];
        this.random = new Random(options.seed());
        this.text = new GeneratedText(decoder.reading().tokenizer(), prefix, options.stop());
    }

    /** The decoder that began it, and that it stays with. */
    public Decoder decoder() {
        return decoder;
    }

    /** The prefix as it was given. */
    public String prefix() {
        return prefix;
    }

    /** How it is completed. */
    public DecodingOptions options() {
        return options;
    }

    /** How far it is. */
    public GenerationState state() {
        return state;
    }

    /** True while tokens of the prefix other than the last, which the first step feeds, are still to be read. */
    public boolean isReading() {
        return fed < prefixTokens.length - 1;
    }

    /** Tokens generated so far, those of a stop string included. */
    public int tokens() {
        return tokens;
    }

    /** Tokens of the prefix that the model does not know. */
    public int unknownTokens() {
        return unknownTokens;
    }

    /**
     * The text generated so far: {@code prefix() + text()} reads as one text, so between words it begins with a space
     * where the prefix does not end with white space. It ends before the first stop string. Bytes that are not UTF-8,
     * or not yet a whole character, read as U+FFFD.
     */
    public String text() {
        return text.toString();
    }

    RecurrentState recurrentState() {
        return recurrentState;
    }

    /** The token that the next forward step feeds. */
    int nextInput() {
        return nextInput;
    }

    /** A token of the prefix was fed. */
    void fedPrefix() {
        fed++;
        nextInput = prefixTokens[fed];
    }

    /** Lets the next forward step feed this token instead. */
    void feedNext(int token) {
        nextInput = token;
    }

    /** Chooses the next token from the logits of the forward step. */
    void choose(Vocabulary vocabulary) {
        if (!Sampling.possible(recurrentState.logits)) {
            state = GenerationState.DIVERGED;
            return;
        }
        nextInput = options.temperature() == 0
                ? Sampling.mostProbable(recurrentState.logits)
                : Sampling.draw(recurrentState.logits, options, random.nextDouble());
        tokens++;
        if (text.append(vocabulary.token(nextInput))) {
            state = GenerationState.STOP;
        } else if (text.length() > LONGEST_TEXT) {
            state = GenerationState.TOO_LONG;
        } else if (tokens == options.maxTokens()) {
            state = text.end() ? GenerationState.STOP : GenerationState.LENGTH;
        }
    }
}
