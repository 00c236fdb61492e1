package io.inkstream.standalone.cli;

import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.topics.TopicNames;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.NormalizerKind;
import io.inkstream.schemas.TokenBlock;
import io.inkstream.schemas.TokenizerKind;
import io.inkstream.standalone.client.Corpora;
import java.util.Optional;

/** How a corpus is read: what its first text has fixed, else what its settings say, else the defaults. */
final class FixedReading {

    private final Corpora corpora;

    /**
     * Tokenizer and normalizer.
     *
     * @param tokenizer what one token is
     * @param normalizer what is done to each line
     */
    record Kinds(TokenizerKind tokenizer, NormalizerKind normalizer) {

        /** With what none was asked for. */
        static final Kinds DEFAULT = new Kinds(TokenizerKind.CHARACTERS, NormalizerKind.LETTERS);

        static Kinds of(CorpusSpec spec) {
            return new Kinds(spec.getTokenizer(), spec.getNormalizer());
        }

        static Kinds of(TokenBlock block) {
            return new Kinds(block.getTokenizer(), block.getNormalizer());
        }

        String inWords() {
            return "%s and %s".formatted(SchemaChoices.word(tokenizer), SchemaChoices.word(normalizer));
        }
    }

    FixedReading(Connection connection, TopicNames topics) {
        this.corpora = new Corpora(connection, topics);
    }

    /** How the corpus is, or will be, read. */
    static Kinds of(Optional<CorpusSpec> spec, Optional<TokenBlock> lastBlock) {
        return lastBlock.map(Kinds::of).or(() -> spec.map(Kinds::of)).orElse(Kinds.DEFAULT);
    }

    /**
     * Publishes what was asked for, before the first text; does nothing if nothing was asked for.
     *
     * @throws InkstreamException if the corpus is fixed to something else
     */
    void fix(String corpus, ReadingOptions asked) {
        if (asked.tokenizer().isEmpty() && asked.normalizer().isEmpty()) {
            return;
        }
        Optional<CorpusSpec> spec = corpora.spec(corpus);
        Optional<TokenBlock> lastBlock = corpora.lastBlock(corpus);
        Kinds present = of(spec, lastBlock);
        Kinds wanted = new Kinds(
                asked.tokenizer().orElse(present.tokenizer()),
                asked.normalizer().orElse(present.normalizer()));
        if (lastBlock.isPresent() && !wanted.equals(present)) {
            throw new InkstreamException(
                    "Corpus '%s' is fixed to %s with its first text, and cannot become %s: take another name with --corpus."
                            .formatted(corpus, present.inWords(), wanted.inWords()));
        }
        if (spec.map(Kinds::of).filter(wanted::equals).isEmpty()) {
            corpora.publish(
                    corpus,
                    CorpusSpec.newBuilder()
                            .setTokenizer(wanted.tokenizer())
                            .setNormalizer(wanted.normalizer())
                            .setTraining(spec.map(CorpusSpec::getTraining).orElse(null))
                            .build());
        }
    }
}
