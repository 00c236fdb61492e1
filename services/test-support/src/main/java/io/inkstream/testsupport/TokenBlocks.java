package io.inkstream.testsupport;

import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.schemas.CellKind;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.InitializationKind;
import io.inkstream.schemas.NormalizerKind;
import io.inkstream.schemas.OptimizerKind;
import io.inkstream.schemas.OutputKind;
import io.inkstream.schemas.SamplingKind;
import io.inkstream.schemas.TokenBlock;
import io.inkstream.schemas.TokenizerKind;
import io.inkstream.schemas.TrainingSpec;
import java.util.List;
import java.util.Random;

/** The token blocks of a corpus with six characters, as ingest writes them; a test may leave out or damage any block. */
public final class TokenBlocks {

    private static final List<String> VOCABULARY = List.of("a", "b", "c", "d", "e", "f");

    private final TestTopics topics;
    private final String corpus;
    private long size;

    public TokenBlocks(TestTopics topics, String corpus) {
        this.topics = topics;
        this.corpus = corpus;
    }

    /** Sends the next block, undamaged. */
    public TokenBlocks append(int count) {
        topics.send(
                Topic.TOKENS, corpus, topics.encoded(Topic.TOKENS, next(count).build()));
        size += count;
        return this;
    }

    /** The next block, not sent and not counted. */
    public TokenBlock.Builder next(int count) {
        return TokenBlock.newBuilder()
                .setFirstPosition(size)
                .setFirstNewId(size == 0 ? 1 : VOCABULARY.size() + 1)
                .setNewEntries(size == 0 ? VOCABULARY : List.of())
                .setTokens(new Random(size)
                        .ints(count, 1, VOCABULARY.size() + 1)
                        .boxed()
                        .toList())
                .setTokenizer(TokenizerKind.CHARACTERS)
                .setNormalizer(NormalizerKind.LETTERS)
                .setNfc(false)
                .setReservedTokens(List.of())
                .setTextPartition(0)
                .setTextOffset(size);
    }

    /** A valid record of another schema. */
    public static CorpusSpec spec(TrainingSpec training) {
        return CorpusSpec.newBuilder()
                .setTokenizer(TokenizerKind.CHARACTERS)
                .setNormalizer(NormalizerKind.LETTERS)
                .setTraining(training)
                .build();
    }

    /** A training that takes a moment. */
    public static TrainingSpec.Builder training(int epochs) {
        return TrainingSpec.newBuilder()
                .setCell(CellKind.GRU)
                .setHidden(16)
                .setBatch(4)
                .setWindow(20)
                .setEpochs(epochs)
                .setOutput(OutputKind.LINEAR)
                .setInitialization(InitializationKind.PYTORCH)
                .setSampling(SamplingKind.SEQUENTIAL)
                .setOptimizer(OptimizerKind.SGD);
    }
}
