package io.inkstream.cli.options;

import io.inkstream.cli.output.SchemaChoices;
import io.inkstream.corpuslog.specs.SpecConversion;
import io.inkstream.languagemodel.text.Reading;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.NormalizerKind;
import io.inkstream.schemas.TokenizerKind;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How the text of a corpus is read; fixed with its first text. */
public final class ReadingOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--tokenizer",
            paramLabel = "KIND",
            description = "What a token is: characters, words or bytes. Fixed by the first text. Default: characters.")
    private @Nullable TokenizerKind tokenizer;

    @Option(
            names = "--normalizer",
            paramLabel = "KIND",
            description =
                    "How each line is normalized: letters (letters of any script, lower-cased), time-machine (A to Z only, lines "
                            + "joined without a separator) or verbatim. Fixed by the first text. Default: letters.")
    private @Nullable NormalizerKind normalizer;

    @Option(
            names = "--nfc",
            fallbackValue = "true",
            description =
                    "Normalize each line to Unicode's composed form (NFC), in which a letter and its accent are one "
                            + "character where Unicode has one. Fixed by the first text.")
    private boolean nfc;

    @Option(
            names = "--reserved-token",
            paramLabel = "TOKEN",
            description =
                    "A token with an id of its own, from 1 on, whether or not the text contains it; it is matched as a whole "
                            + "in normalized lines. Can be repeated. Not with bytes. Fixed by the first text.")
    private @Nullable List<String> reservedTokens;

    /** Checks that the options go together. */
    public void check() {
        try {
            over(Reading.DEFAULT);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        }
    }

    /** True when anything was asked for. */
    boolean asked() {
        return tokenizer != null || normalizer != null || nfc || reservedTokens != null;
    }

    /**
     * What was asked for and, where nothing was, what is there.
     *
     * @throws IllegalArgumentException if these do not go together
     */
    public Reading over(Reading present) {
        return new Reading(
                tokenizer == null ? present.tokenizer() : SpecConversion.tokenizer(tokenizer),
                normalizer == null ? present.normalizer() : SpecConversion.normalizer(normalizer),
                nfc || present.nfc(),
                reservedTokens == null ? present.reservedTokens() : reservedTokens);
    }

    /** How a corpus is read that is fixed to nothing yet. */
    public CorpusSpec spec() {
        return SpecConversion.spec(over(Reading.DEFAULT));
    }

    /** What is worth saying about a corpus that is fixed to nothing yet. */
    public Optional<String> remark() {
        return remark(over(Reading.DEFAULT));
    }

    /** What is worth saying about a corpus that is read in this way. */
    public static Optional<String> remark(Reading reading) {
        List<String> lost = reading.unreachableTokens();
        return lost.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "The normalizer '%s' removes %s from a text: reserved, but never read; 'verbatim' would keep %s."
                                .formatted(
                                        SchemaChoices.word(reading.normalizer()),
                                        lost.stream().map("'%s'"::formatted).collect(Collectors.joining(", ")),
                                        lost.size() == 1 ? "it" : "them"));
    }
}
