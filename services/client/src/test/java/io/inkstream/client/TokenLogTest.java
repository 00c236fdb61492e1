package io.inkstream.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inkstream.corpuslog.tokens.CorpusTokens;
import io.inkstream.corpuslog.tokens.TokenLog;
import io.inkstream.corpuslog.topics.CorpusPartition;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.embedded.EmbeddedCluster;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.consumers.BoundedRead;
import io.inkstream.schemas.TrainingProgress;
import io.inkstream.testsupport.TestTopics;
import io.inkstream.testsupport.TokenBlocks;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code verify} reads, on topics to which others have written and from brokers that go away. */
@Timeout(90)
class TokenLogTest {

    @TempDir
    private Path folder;

    private EmbeddedCluster cluster;
    private TestTopics topics;

    @BeforeEach
    void start() {
        cluster = new EmbeddedCluster(folder, 0, 0, Map.of());
        cluster.start();
        topics = new TestTopics(cluster.connection(), "log");
    }

    @AfterEach
    void stop() {
        StopsTheBroker.CLUSTER.set(null);
        topics.close();
        cluster.close();
    }

    @Test
    void aRecordOfAnotherClassIsPassedOver() {
        // Given progress, and other specs, among the tokens and the progress of a corpus
        TokenBlocks line = new TokenBlocks(topics, "line").append(500);
        byte[] spec = topics.encoded(
                Topic.CORPORA, TokenBlocks.spec(TokenBlocks.training(7).build()));
        topics.send(Topic.TOKENS, "line", spec);
        topics.send(Topic.PROGRESS, "line", spec);
        TrainingProgress epoch = ProgressTopic.epoch(1, 2.0, null);
        topics.send(Topic.PROGRESS, "line", topics.encoded(Topic.PROGRESS, epoch));
        line.append(500);

        // When
        CorpusTokens tokens =
                TokenLog.read(cluster.connection(), topics.names, "line", home("line"), Long.MAX_VALUE - 1);

        // Then
        assertThat(tokens.corpus().tokens().size()).isEqualTo(1_000);
        assertThat(TrainingHistory.read(cluster.connection(), topics.names, "line")
                        .trainings())
                .hasSize(1);
    }

    @Test
    void aBrokerThatGoesAwayEndsTheReadWithASentence() {
        // Given a log that takes more than one fetch
        TokenBlocks line = new TokenBlocks(topics, "line");
        for (int i = 0; i < 10; i++) {
            line.append(500);
        }

        // When the broker is gone after the second record
        StopsTheBroker.CLUSTER.set(cluster);

        // Then
        Connection connection = StopsTheBroker.into(cluster.connection());
        BoundedRead soon = BoundedRead.IN_COMMAND.within(Duration.ofSeconds(3));
        assertThatThrownBy(
                        () -> TokenLog.read(connection, topics.names, "line", home("line"), Long.MAX_VALUE - 1, soon))
                .isInstanceOf(InkstreamException.class)
                .hasMessage("Topic log.tokens gave no more records for 3 s, short of its end: is a broker down?");
    }

    private static int home(String corpus) {
        return new CorpusPartition(TestTopics.PARTITIONS).of(corpus);
    }

    /** Gives one record at a time, and stops the broker with the second, when the first one's schema is known. */
    public static final class StopsTheBroker implements ConsumerInterceptor<Object, Object> {

        private static final AtomicReference<EmbeddedCluster> CLUSTER = new AtomicReference<>();

        private int given;

        static Connection into(Connection connection) {
            return new Connection(
                    connection.bootstrapServers(),
                    connection.schemaRegistryUrl(),
                    connection.serdeClass(),
                    Map.of(
                            "interceptor.classes",
                            StopsTheBroker.class.getName(),
                            "max.poll.records",
                            "1",
                            "max.partition.fetch.bytes",
                            "1"));
        }

        @Override
        public ConsumerRecords<Object, Object> onConsume(ConsumerRecords<Object, Object> records) {
            EmbeddedCluster running = CLUSTER.get();
            if (running != null && ++given == 2) {
                running.close();
            }
            return records;
        }

        @Override
        public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

        @Override
        public void configure(Map<String, ?> properties) {}

        @Override
        public void close() {}
    }
}
