package io.inkstream.ingest;

import static io.inkstream.testsupport.TestTopics.TIMEOUT;
import static io.inkstream.testsupport.TestTopics.assertOneDeadLetter;
import static org.awaitility.Awaitility.await;

import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.testsupport.DamagedValue;
import io.inkstream.testsupport.RestartableRegistryFixture;
import io.inkstream.testsupport.TestTopics;
import io.inkstream.testsupport.TestTopics.Sent;
import io.inkstream.testsupport.TokenBlocks;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever records are on the text and the corpora topic, ingest continues, and writes each dead letter once. */
@Timeout(180)
class IngestDeadLettersTest {

    private static final AtomicInteger TESTS = new AtomicInteger();

    private static RestartableRegistryFixture cluster;

    private TestTopics topics;
    private IngestService ingest;

    @BeforeAll
    static void start(@TempDir Path folder) {
        cluster = new RestartableRegistryFixture(folder);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @BeforeEach
    void begin() {
        topics = new TestTopics(cluster.connection(), "ingest" + TESTS.incrementAndGet());
        ingest = ingest();
    }

    @AfterEach
    void end() {
        ingest.close();
        topics.close();
    }

    @Test
    void damagedSpecsAndTextBecomeDeadLettersOnceAndLaterRecordsAreRead() {
        // Given
        byte[] whole = topics.encoded(
                Topic.CORPORA, TokenBlocks.spec(TokenBlocks.training(2).build()));

        // When
        Map<Sent, String> bad = new LinkedHashMap<>();
        for (DamagedValue damage : DamagedValue.values()) {
            bad.put(spec(damage.of(whole)), damage.reason());
        }
        bad.put(
                spec(topics.encoded(
                        Topic.TOKENS, new TokenBlocks(topics, "line").next(10).build())),
                "holds a TokenBlock and not a CorpusSpec");
        bad.put(
                spec(topics.encoded(
                        Topic.CORPORA,
                        TokenBlocks.spec(TokenBlocks.training(2).setHidden(0).build()))),
                "hidden must be at least 1, not 0");
        bad.put(
                spec(topics.encoded(
                        Topic.CORPORA, TokenBlocks.spec(TokenBlocks.training(-1).build()))),
                "epochs must be 0 or above, not -1");
        bad.put(topics.send(Topic.TEXT, "line", new byte[] {'a', (byte) 0xFF}), "not UTF-8 at byte 1");
        bad.put(topics.send(Topic.TEXT, null, text("whose?")), "has no key");
        bad.put(topics.send(Topic.TEXT, "line", null), "has no value");

        // Then
        List<ConsumerRecord<byte[], byte[]>> letters = topics.awaitDeadLetters(bad.size());
        bad.forEach((sent, reason) -> assertOneDeadLetter(letters, sent, reason));

        // And later records are read
        topics.send(Topic.TEXT, "line", text("the line continues"));
        awaitBlocks(1);

        // And after a restart they are not written again
        ingest.close();
        ingest = ingest();
        topics.send(Topic.TEXT, "line", text("and on"));
        awaitBlocks(2);
        topics.awaitDeadLetters(bad.size());
    }

    @Test
    void specsAreRetriedWhileTheRegistryIsUnavailable() {
        // Given
        byte[] good = topics.encoded(Topic.CORPORA, TokenBlocks.spec(null));
        patiently().until(() -> ingest.health().ready());
        cluster.stopRegistry();
        try {
            // When
            spec(good);
            Sent bad = spec(DamagedValue.UNKNOWN_SCHEMA.of(good));
            topics.send(Topic.TEXT, "line", text("waits for its spec"));
            patiently()
                    .during(Duration.ofSeconds(3))
                    .until(() -> ingest.health().live()
                            && topics.committed(Topic.DEAD_LETTERS).isEmpty()
                            && topics.committed(Topic.TOKENS).isEmpty());
            cluster.restartRegistry();

            // Then
            awaitBlocks(1);
            assertOneDeadLetter(topics.awaitDeadLetters(1), bad, DamagedValue.UNKNOWN_SCHEMA.reason());
        } finally {
            cluster.restartRegistry();
        }
    }

    private Sent spec(byte[] value) {
        return topics.send(Topic.CORPORA, "line", value);
    }

    private void awaitBlocks(int count) {
        patiently().until(() -> topics.committed(Topic.TOKENS).size() == count);
    }

    private static ConditionFactory patiently() {
        return await().atMost(TIMEOUT);
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private IngestService ingest() {
        IngestService started = new IngestService(
                topics.connection,
                topics.names,
                new IngestSettings(TestTopics.PARTITIONS, 1),
                new SimpleMeterRegistry());
        started.start();
        return started;
    }
}
