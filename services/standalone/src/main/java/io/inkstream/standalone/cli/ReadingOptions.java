package io.inkstream.standalone.cli;

import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.NormalizerKind;
import io.inkstream.schemas.TokenizerKind;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How the text of a corpus is read; fixed with its first text. */
final class ReadingOptions {

    @Option(
            names = "--tokenizer",
            paramLabel = "KIND",
            description =
                    "What one token is: characters, words or bytes. Fixed with the first text. Default: characters.")
    private TokenizerKind tokenizer;

    @Option(
            names = "--normalizer",
            paramLabel = "KIND",
            description =
                    "What is done to each line: letters (letters of any script, lower-cased), time-machine (A to Z only, "
                            + "lines joined with nothing) or verbatim. Fixed with the first text. Default: letters.")
    private NormalizerKind normalizer;

    /** What was asked for. */
    Optional<TokenizerKind> tokenizer() {
        return Optional.ofNullable(tokenizer);
    }

    /** What was asked for. */
    Optional<NormalizerKind> normalizer() {
        return Optional.ofNullable(normalizer);
    }

    /** How a corpus is read that is fixed to nothing yet. */
    CorpusSpec spec() {
        return CorpusSpec.newBuilder()
                .setTokenizer(tokenizer().orElse(FixedReading.Kinds.DEFAULT.tokenizer()))
                .setNormalizer(normalizer().orElse(FixedReading.Kinds.DEFAULT.normalizer()))
                .build();
    }
}
