package io.inkstream.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inkstream.client.CompletionClient;
import io.inkstream.corpuslog.checkpoints.CheckpointReader;
import io.inkstream.corpuslog.checkpoints.CheckpointUnreadableException;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.corpuslog.topics.TopicProvisioner;
import io.inkstream.embedded.EmbeddedCluster;
import io.inkstream.platform.config.Connection;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.Completion;
import io.inkstream.schemas.PrefixRequest;
import io.inkstream.testsupport.CheckpointPublisher;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A reader that has the first chunk of a checkpoint when its slot is overwritten. */
class CompactionDuringAReadTest {

    private static final TopicNames TOPICS = new TopicNames("com");
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int PARTITIONS = 2;
    private static final byte[] ONE = CheckpointPublisher.alphabet(1);
    private static final byte[] TWO = CheckpointPublisher.alphabet(2);

    @TempDir
    private static Path data;

    private static EmbeddedCluster cluster;
    private static Connection connection;
    private static Connection interrupted;
    private static ForcedCompaction compaction;
    private static CheckpointPublisher publisher;

    @BeforeAll
    static void start() throws Exception {
        cluster = new EmbeddedCluster(data, 0, 0, Map.of());
        cluster.start();
        connection = cluster.connection();
        interrupted = BetweenChunks.into(connection);
        compaction = new ForcedCompaction(connection, new TopicPartition(TOPICS.of(Topic.CHECKPOINTS), 1));
        compaction.create(PARTITIONS);
        TopicProvisioner.ensure(connection, TOPICS, PARTITIONS, EnumSet.allOf(Topic.class));
        publisher = new CheckpointPublisher(connection, TOPICS);
    }

    @AfterAll
    static void stop() {
        publisher.close();
        cluster.close();
    }

    @Test
    void reportsAChunkThatIsCompactedAwayDuringTheRead() throws Exception {
        // Given
        CheckpointManifest first = publish("compacted", 0, ONE);
        int last = first.getChunkOffsets().size() - 1;
        long offset = first.getChunkOffsets().get(last);
        AtomicBoolean happened = BetweenChunks.once(() -> {
            publish("compacted", 0, TWO);
            compaction.awaitGone(offset);
        });

        // When / Then
        assertThatThrownBy(() -> new CheckpointReader(interrupted, TOPICS).read("compacted", first))
                .isInstanceOf(CheckpointUnreadableException.class)
                .hasMessageContaining("chunk with key compacted/0/")
                .hasMessageContaining(TOPICS.of(Topic.CHECKPOINTS) + "-1")
                .hasMessageContaining("nothing committed is left at this offset");
        assertThat(happened).isTrue();
    }

    @Test
    void reportsAChunkThatWasCompactedAwayBeforeTheRead() throws Exception {
        // Given
        CheckpointManifest first = publish("before", 0, ONE);
        CheckpointManifest second = publish("before", 0, TWO);
        compaction.awaitGone(first.getChunkOffsets().get(0));
        CheckpointReader reader = new CheckpointReader(connection, TOPICS);

        // When / Then
        assertThatThrownBy(() -> reader.read("before", first))
                .isInstanceOf(CheckpointUnreadableException.class)
                .hasMessageContaining("chunk with key before/0/0 at offset "
                        + first.getChunkOffsets().get(0))
                .hasMessageContaining(TOPICS.of(Topic.CHECKPOINTS) + "-1");
        assertThat(reader.read("before", second)).isEqualTo(TWO);
    }

    @Test
    void servesTheLatestWhenItsSlotIsOverwrittenDuringTheRead() throws Exception {
        // Given a trainer that writes faster than the generator reads
        CheckpointManifest first = publish("ring", 0, ONE);
        AtomicBoolean happened = BetweenChunks.once(() -> {
            publish("ring", 1, TWO);
            publish("ring", 0, TWO);
            compaction.awaitGone(
                    first.getChunkOffsets().get(first.getChunkOffsets().size() - 1));
        });

        // When
        Completion completion = askANewGenerator("ring");

        // Then
        assertThat(happened).isTrue();
        assertThat(completion.getError()).isNull();
        assertThat(completion.getText()).isEqualTo("bcdef");
        assertThat(completion.getCheckpoint().getSha256()).isNotEqualTo(first.getSha256());
    }

    @Test
    void servesThePreviousWhenTheLatestIsCompactedAwayDuringTheRead() throws Exception {
        // Given chunks that overwrite those of the latest checkpoint
        CheckpointManifest kept = publish("torn", 1, ONE);
        CheckpointManifest newest = publish("torn", 0, TWO);
        AtomicBoolean happened = BetweenChunks.once(() -> {
            publisher.begin();
            publisher.send("torn", 0, CheckpointPublisher.chunks(ONE));
            publisher.commit();
            compaction.awaitGone(
                    newest.getChunkOffsets().get(newest.getChunkOffsets().size() - 1));
        });

        // When
        Completion completion = askANewGenerator("torn");

        // Then
        assertThat(happened).isTrue();
        assertThat(completion.getText()).isEqualTo("bcdef");
        assertThat(completion.getCheckpoint().getSha256()).isEqualTo(kept.getSha256());
    }

    private static CheckpointManifest publish(String corpus, int slot, byte[] checkpoint) throws Exception {
        return publisher.publish(corpus, slot, checkpoint, CheckpointPublisher.chunks(checkpoint));
    }

    private static Completion askANewGenerator(String corpus) {
        try (GeneratorService generator = new GeneratorService(
                        interrupted, TOPICS, new GeneratorSettings(PARTITIONS, 4), new SimpleMeterRegistry());
                CompletionClient client = new CompletionClient(connection, TOPICS)) {
            generator.start();
            Awaitility.await().atMost(TIMEOUT).until(() -> generator.health().ready());
            return client.complete(
                    PrefixRequest.newBuilder()
                            .setCorpus(corpus)
                            .setPrefix("a")
                            .setMaxTokens(5)
                            .build(),
                    Duration.ofSeconds(90));
        }
    }
}
