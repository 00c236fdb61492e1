package io.inkstream.cli.options;

import io.inkstream.cli.output.SchemaChoices;
import io.inkstream.client.InkstreamClient;
import io.inkstream.corpuslog.specs.SpecConversion;
import io.inkstream.languagemodel.text.Reading;
import io.inkstream.platform.InkstreamException;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.TokenBlock;
import java.util.Optional;
import java.util.stream.Collectors;

/** How a corpus is read: what its first text has fixed, else what its settings say, else the defaults. */
public final class FixedReading {

    private final InkstreamClient client;

    public FixedReading(InkstreamClient client) {
        this.client = client;
    }

    /** How the corpus is, or will be, read. */
    public static Reading of(Optional<CorpusSpec> spec, Optional<TokenBlock> lastBlock) {
        return lastBlock
                .map(SpecConversion::reading)
                .or(() -> spec.flatMap(FixedReading::taken))
                .orElse(Reading.DEFAULT);
    }

    /** For instance {@code characters and letters, in NFC, reserved: <bos>, <eos>}. */
    public static String inWords(Reading reading) {
        return "%s and %s%s%s"
                .formatted(
                        SchemaChoices.word(reading.tokenizer()),
                        SchemaChoices.word(reading.normalizer()),
                        reading.nfc() ? ", in NFC" : "",
                        reading.reservedTokens().isEmpty()
                                ? ""
                                : reading.reservedTokens().stream()
                                        .collect(Collectors.joining(", ", ", reserved: ", "")));
    }

    /**
     * Publishes what was asked for, before the first text; does nothing if nothing was asked for.
     *
     * @return how the corpus is read
     * @throws InkstreamException if the corpus is fixed to something else
     */
    public Optional<Reading> fix(String corpus, ReadingOptions asked) {
        if (!asked.asked()) {
            return Optional.empty();
        }
        Optional<CorpusSpec> spec = client.corpora().spec(corpus);
        Optional<TokenBlock> lastBlock = client.corpora().lastBlock(corpus);
        Reading present = of(spec, lastBlock);
        Reading wanted = wanted(corpus, asked, present);
        if (lastBlock.isPresent() && !wanted.equals(present)) {
            throw new InkstreamException(
                    "Corpus '%s' is fixed to %s by its first text, and cannot be read as %s: use another name with --corpus."
                            .formatted(corpus, inWords(present), inWords(wanted)));
        }
        if (spec.flatMap(FixedReading::taken).filter(wanted::equals).isEmpty()) {
            client.specs()
                    .publish(
                            corpus,
                            CorpusSpec.newBuilder(SpecConversion.spec(wanted))
                                    .setTraining(
                                            spec.map(CorpusSpec::getTraining).orElse(null))
                                    .build());
        }
        return Optional.of(wanted);
    }

    private static Reading wanted(String corpus, ReadingOptions asked, Reading present) {
        try {
            return asked.over(present);
        } catch (IllegalArgumentException e) {
            throw new InkstreamException(
                    "Corpus '%s' is read as %s. %s.".formatted(corpus, inWords(present), e.getMessage()), e);
        }
    }

    /** How a spec says that its corpus is read, unless ingest does not take it: then it is as if there were none. */
    private static Optional<Reading> taken(CorpusSpec spec) {
        try {
            return Optional.of(SpecConversion.reading(spec));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
