package io.inkstream.languagemodel.decoding;

import io.inkstream.languagemodel.text.Vocabulary;
import java.util.Random;

/**
 * One request that is being completed: the model's state, the text so far, and the generator of its random numbers. Begun
 * by {@link Decoder#begin}, advanced by {@link Decoder#read} and {@link Decoder#step}; used by one thread at a time.
 */
public final class Generation {

    /** Maximum length of a text, in UTF-16 units; a vocabulary may contain words as long as a record. */
    public static final int MAX_TEXT_LENGTH = 1024 * 1024;

    private final Decoder decoder;
    private final String prefix;
    private final DecodingOptions options;
    private final int unknownTokens;
    private final RecurrentState recurrentState;
    private final Random random;
    private final GeneratedText text;
    /** The prefix's tokens; {@link Vocabulary#UNKNOWN_ID} when it has none. */
    private final int[] prefixTokens;
    /** Number of them that were fed. */
    private int fed;

    private int nextInput;
    private int tokens;
    private GenerationState state = GenerationState.RUNNING;

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

    /** The decoder that began it; it never changes. */
    public Decoder decoder() {
        return decoder;
    }

    /** The original prefix. */
    public String prefix() {
        return prefix;
    }

    /** How the prefix is completed. */
    public DecodingOptions options() {
        return options;
    }

    /** Its state. */
    public GenerationState state() {
        return state;
    }

    /** True while tokens of the prefix are left to read, not counting the last, which the first step feeds. */
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
     * or an incomplete character, read as U+FFFD.
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

    /** Called when a token of the prefix was fed. */
    void fedPrefix() {
        fed++;
        nextInput = prefixTokens[fed];
    }

    /** Makes the next forward step feed this token instead. */
    void feedNext(int token) {
        nextInput = token;
    }

    /** Chooses the next token from the logits of the forward step. */
    void choose(Vocabulary vocabulary) {
        if (!Sampling.possible(recurrentState.logits())) {
            state = GenerationState.DIVERGED;
            return;
        }
        nextInput = options.temperature() == 0
                ? Sampling.mostProbable(recurrentState.logits())
                : Sampling.draw(recurrentState.logits(), options, random.nextDouble());
        tokens++;
        if (text.append(vocabulary.token(nextInput))) {
            state = GenerationState.STOP;
        } else if (text.length() > MAX_TEXT_LENGTH) {
            state = GenerationState.TOO_LONG;
        } else if (tokens == options.maxTokens()) {
            state = text.end() ? GenerationState.STOP : GenerationState.LENGTH;
        }
    }
}
