package io.inkstream.generator;

import static io.inkstream.testsupport.TestTopics.TIMEOUT;
import static io.inkstream.testsupport.TestTopics.assertOneDeadLetter;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.schemas.Completion;
import io.inkstream.schemas.FinishReason;
import io.inkstream.schemas.PrefixRequest;
import io.inkstream.testsupport.DamagedValue;
import io.inkstream.testsupport.RestartableRegistryFixture;
import io.inkstream.testsupport.TestTopics;
import io.inkstream.testsupport.TestTopics.Sent;
import io.inkstream.testsupport.TokenBlocks;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every record on the topic of prefixes is answered, and one that is not a request becomes a dead letter too. */
@Timeout(180)
class GeneratorDeadLettersTest {

    private static final AtomicInteger TESTS = new AtomicInteger();

    private static RestartableRegistryFixture cluster;

    private TestTopics topics;
    private GeneratorService generator;

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
        topics = new TestTopics(cluster.connection(), "generator" + TESTS.incrementAndGet());
        generator = generator();
    }

    @AfterEach
    void end() {
        generator.close();
        topics.close();
    }

    @Test
    void anAvroRequestThatCannotBeReadIsAnsweredAndIsADeadLetter() {
        // Given
        byte[] whole = topics.encoded(Topic.PREFIXES, request("nobody"));

        // When
        Sent unknown = topics.send(Topic.PREFIXES, "unknown", DamagedValue.UNKNOWN_SCHEMA.of(whole));
        Sent truncated = topics.send(Topic.PREFIXES, "truncated", DamagedValue.TRUNCATED.of(whole));
        Sent other = topics.send(Topic.PREFIXES, "other", topics.encoded(Topic.CORPORA, TokenBlocks.spec(null)));
        Sent headerOnly = topics.send(Topic.PREFIXES, "header-only", DamagedValue.HEADER_ONLY.of(whole));
        Sent nothing = topics.send(Topic.PREFIXES, "nothing", null);

        // Then
        assertThat(answer("unknown").getError()).contains(DamagedValue.UNKNOWN_SCHEMA.reason());
        assertThat(answer("truncated").getError()).contains("is truncated");
        assertThat(answer("other").getError()).contains("holds a CorpusSpec and not a PrefixRequest");
        assertThat(text("header-only")).contains("is not a request");
        assertThat(text("nothing")).contains("is not a request");
        List<ConsumerRecord<byte[], byte[]>> letters = topics.awaitDeadLetters(5);
        assertOneDeadLetter(letters, unknown, DamagedValue.UNKNOWN_SCHEMA.reason());
        assertOneDeadLetter(letters, truncated, "is truncated");
        assertOneDeadLetter(letters, other, "holds a CorpusSpec and not a PrefixRequest");
        assertOneDeadLetter(letters, headerOnly, "is not a request");
        assertOneDeadLetter(letters, nothing, "is not a request");

        // And a generator that is started later resumes after them
        generator.close();
        generator = generator();
        topics.send(Topic.PREFIXES, "next", whole);
        assertThat(answer("next").getError()).contains("nobody");
        topics.awaitDeadLetters(5);
    }

    @Test
    void aReadableRequestThatCannotBeCompletedIsNotADeadLetter() {
        // When
        topics.send(Topic.PREFIXES, "no-corpus", topics.encoded(Topic.PREFIXES, request("nobody")));
        topics.send(
                Topic.PREFIXES,
                "impossible",
                topics.encoded(
                        Topic.PREFIXES,
                        PrefixRequest.newBuilder(request("nobody"))
                                .setMaxTokens(-1)
                                .build()));
        topics.send(Topic.PREFIXES, "plain", new byte[] {1, 'a'});

        // Then
        assertThat(answer("no-corpus").getFinish()).isEqualTo(FinishReason.ERROR);
        assertThat(answer("impossible").getError()).startsWith("The request cannot be answered: ");
        assertThat(text("plain")).isNotBlank();
        assertThat(topics.committed(Topic.DEAD_LETTERS)).isEmpty();
    }

    @Test
    void requestsAreRetriedWhileTheRegistryIsUnavailable() {
        // Given a generator that has not loaded a schema yet
        byte[] request = topics.encoded(Topic.PREFIXES, request("nobody"));
        await().atMost(TIMEOUT).until(() -> generator.health().ready());
        cluster.stopRegistry();
        try {
            // When
            topics.send(Topic.PREFIXES, "waits", request);
            Sent bad = topics.send(Topic.PREFIXES, "bad", DamagedValue.UNKNOWN_SCHEMA.of(request));
            await().during(Duration.ofSeconds(3))
                    .atMost(TIMEOUT)
                    .until(() -> generator.health().live()
                            && topics.committed(Topic.DEAD_LETTERS).isEmpty()
                            && topics.committed(Topic.COMPLETIONS).isEmpty());
            cluster.restartRegistry();

            // Then
            assertThat(answer("waits").getError()).contains("nobody");
            assertThat(answer("bad").getError()).contains(DamagedValue.UNKNOWN_SCHEMA.reason());
            assertOneDeadLetter(topics.awaitDeadLetters(1), bad, DamagedValue.UNKNOWN_SCHEMA.reason());
        } finally {
            cluster.restartRegistry();
        }
    }

    private Completion answer(String key) {
        return RecordSerdes.deserializer(topics.connection, Completion.class)
                .deserialize(topics.names.of(Topic.COMPLETIONS), only(Topic.COMPLETIONS, key));
    }

    private String text(String key) {
        return new String(only(Topic.COMPLETIONS_TEXT, key), StandardCharsets.UTF_8);
    }

    private byte[] only(Topic topic, String key) {
        await("answer to " + key).atMost(TIMEOUT).until(() -> !values(topic, key)
                .isEmpty());
        assertThat(values(topic, key)).hasSize(1);
        return values(topic, key).get(0);
    }

    private List<byte[]> values(Topic topic, String key) {
        return topics.committed(topic).stream()
                .filter(record -> key.equals(new String(record.key(), StandardCharsets.UTF_8)))
                .map(ConsumerRecord::value)
                .toList();
    }

    private GeneratorService generator() {
        GeneratorService started = new GeneratorService(
                topics.connection,
                topics.names,
                new GeneratorSettings(TestTopics.PARTITIONS, 4),
                new SimpleMeterRegistry());
        started.start();
        return started;
    }

    private static PrefixRequest request(String corpus) {
        return PrefixRequest.newBuilder().setCorpus(corpus).setPrefix("a").build();
    }
}
