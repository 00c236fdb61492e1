package io.inkstream.generator;

import static io.inkstream.generator.Answers.header;
import static io.inkstream.generator.Answers.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.corpuslog.deadletters.DeadLetter;
import io.inkstream.corpuslog.requests.RequestHeaders;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.embedded.broker.BrokerSettings;
import io.inkstream.embedded.broker.EmbeddedBroker;
import io.inkstream.embedded.registry.EmbeddedRegistry;
import io.inkstream.generator.requests.RequestLimits;
import io.inkstream.platform.config.Connection;
import io.inkstream.schemas.Completion;
import io.inkstream.schemas.FinishReason;
import io.inkstream.schemas.PrefixRequest;
import io.inkstream.testsupport.CheckpointPublisher;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Requests cannot affect other requests or other topics. */
@Timeout(120)
class HostileRequestsTest {

    private static final TopicNames TOPICS = new TopicNames("hostile");
    private static final String REPLIES = "hostile.replies";
    private static final String NARROW = "hostile.replies.narrow";
    private static final String COMPACTED = "hostile.replies.compacted";
    private static final String CHANGELOG = "hostile-ingest-states-changelog";
    private static final String REPARTITION = "hostile-ingest-states-repartition";
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final GeneratorSettings SETTINGS =
            new GeneratorSettings(1, 4, new RequestLimits(16_384, 50_000), List.of());
    private static final byte[] ABCD = CheckpointPublisher.counting(1, "a", "b", "c", "d");

    @TempDir
    private static Path data;

    private static EmbeddedBroker broker;
    private static EmbeddedRegistry registry;
    private static Connection connection;
    private static GeneratorService generator;
    private static Requests requests;
    private static Answers answers;

    @BeforeAll
    static void start() throws Exception {
        broker = new EmbeddedBroker(new BrokerSettings(data, 0));
        broker.start();
        startRegistry(0);
        connection = new Connection(broker.bootstrapServers(), registry.url());
        try (Admin admin = Admin.create(connection.clientProperties())) {
            admin.createTopics(List.of(
                            topic(REPLIES, Map.of()),
                            topic(NARROW, Map.of("max.message.bytes", "5000")),
                            topic(COMPACTED, Map.of("cleanup.policy", "compact")),
                            topic(CHANGELOG, Map.of("cleanup.policy", "compact")),
                            topic(REPARTITION, Map.of())))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
        generator = new GeneratorService(connection, TOPICS, SETTINGS, new SimpleMeterRegistry());
        generator.start();
        try (CheckpointPublisher publisher = new CheckpointPublisher(connection, TOPICS, 0)) {
            publisher.publish("wells", 0, ABCD);
        }
        Awaitility.await()
                .atMost(TIMEOUT)
                .until(() -> generator.health().ready()
                        && generator.health().detail().startsWith("models of 1"));
        requests = new Requests(connection, TOPICS);
        answers = new Answers(
                connection,
                TOPICS.of(Topic.COMPLETIONS),
                TOPICS.of(Topic.COMPLETIONS_TEXT),
                TOPICS.of(Topic.DEAD_LETTERS),
                REPLIES,
                NARROW);
    }

    @AfterAll
    static void stop() {
        answers.close();
        requests.close();
        generator.close();
        registry.close();
        broker.close();
    }

    @Test
    void aKeyThatIsTooLargeForAnAnswerBecomesADeadLetter() throws Exception {
        // Given the largest key that Kafka accepts with a prefix
        String key = "k".repeat(1_048_400);

        // When
        send(plain(key, "a"));
        send(plain("after", "a"));

        // Then
        assertThat(text(answers.await("after").value())).startsWith("a");
        assertThat(generator.health().live()).isTrue();
        ConsumerRecord<byte[], byte[]> deadLetter = answers.await(key);
        assertThat(deadLetter.topic()).isEqualTo(TOPICS.of(Topic.DEAD_LETTERS));
        assertThat(header(deadLetter, DeadLetter.MESSAGE)).contains("key");
        assertThat(answers.all(key)).hasSize(1);
    }

    @Test
    void anAnswerThatIsTooLargeForItsReplyTopicIsReplacedByAnError() throws Exception {
        // Given
        ProducerRecord<byte[], byte[]> request = plain("narrow", "abcd".repeat(1500));
        request.headers()
                .add(RequestHeaders.REPLY_TOPIC, bytes(NARROW))
                .add(RequestHeaders.CORRELATION_ID, bytes("17"));

        // When
        send(request);

        // Then
        ConsumerRecord<byte[], byte[]> answer = answers.await("narrow");
        assertThat(answer.topic()).isEqualTo(NARROW);
        assertThat(header(answer, RequestHeaders.CORRELATION_ID)).isEqualTo("17");
        assertThat(header(answer, "inkstream.finish")).isEqualTo("error");
        assertThat(text(answer.value())).contains("larger than").contains(NARROW);
    }

    @Test
    void noAnswerIsWrittenToTopicsWithState() throws Exception {
        for (String internal : List.of(
                "_schemas", "__consumer_offsets", CHANGELOG, REPARTITION, COMPACTED, TOPICS.of(Topic.CORPORA))) {
            // Given
            ProducerRecord<byte[], byte[]> request = plain("to " + internal, "a");
            request.headers().add(RequestHeaders.REPLY_TOPIC, bytes(internal));

            // When
            send(request);

            // Then
            ConsumerRecord<byte[], byte[]> answer = answers.await("to " + internal);
            assertThat(answer.topic()).isEqualTo(TOPICS.of(Topic.COMPLETIONS_TEXT));
            assertThat(header(answer, "inkstream.reply-error")).contains(internal);
        }
    }

    @Test
    void aShortRequestIsAnsweredBeforeTheLongOnesOfAnotherClient() throws Exception {
        // Given a model that is loaded, and more than the batch holds
        send(plain("first", "a"));
        answers.await("first");
        List<ProducerRecord<byte[], byte[]>> all = new ArrayList<>();
        all.add(plain("huge-1", "a".repeat(1_000_000)));
        all.add(plain("huge-2", "a".repeat(1_000_000)));
        for (int i = 0; i < 32; i++) {
            ProducerRecord<byte[], byte[]> endless = plain("long-" + i, "a");
            endless.headers().add("inkstream.client", bytes("greedy")).add("inkstream.max-tokens", bytes("50000"));
            all.add(endless);
        }
        ProducerRecord<byte[], byte[]> quick = plain("short", "a");
        quick.headers().add("inkstream.client", bytes("modest"));
        all.add(quick);

        // When
        sendAtOnce(all);

        // Then
        ConsumerRecord<byte[], byte[]> answer = answers.await("short");
        for (int i = 0; i < 32; i++) {
            assertThat(answers.await("long-" + i).offset()).isGreaterThan(answer.offset());
        }
        assertThat(header(answers.await("huge-1"), "inkstream.error"))
                .isEqualTo(
                        "The request cannot be answered: the prefix has 1000000 characters, but this generator accepts at most 16384 (--max-prefix): send only its end.");
    }

    @Test
    void plainRequestsAreAnsweredWhileOthersWaitForTheRegistry() throws Exception {
        // Given a schema that was read and written before, requests whose answers need one that is yet to be
        // registered, and
        // requests that have one which nobody has seen
        send(avro("seen"));
        assertThat(completion("seen").getFinish()).isEqualTo(FinishReason.LENGTH);
        List<ProducerRecord<byte[], byte[]>> unregistered = List.of(avro("waits-0"), avro("waits-1"), avro("waits-2"));
        unregistered.forEach(request -> request.headers().add(RequestHeaders.REPLY_TOPIC, bytes(REPLIES)));
        List<ProducerRecord<byte[], byte[]>> unread = List.of(avro("unread-0"), avro("unread-1"), avro("unread-2"));
        unread.forEach(request -> ByteBuffer.wrap(request.value()).putInt(1, 987_654));
        String url = registry.url();
        registry.close();
        try {
            for (int i = 0; i < 3; i++) {
                send(unread.get(i));
                send(unregistered.get(i));
            }

            // When
            send(plain("plain", "a"));
            send(avro("known"));

            // Then
            assertThat(text(answers.await("plain").value())).startsWith("a");
            assertThat(completion("known").getFinish()).isEqualTo(FinishReason.LENGTH);
            assertThat(answers.all("waits-0")).isEmpty();
            assertThat(answers.all("unread-0")).isEmpty();
        } finally {
            startRegistry(URI.create(url).getPort());
        }
        for (int i = 0; i < 3; i++) {
            assertThat(answers.await("waits-" + i).topic()).isEqualTo(REPLIES);
            assertThat(completion("waits-" + i).getFinish()).isEqualTo(FinishReason.LENGTH);
            String unreadKey = "unread-" + i;
            Awaitility.await()
                    .atMost(TIMEOUT)
                    .until(() -> answers.all(unreadKey).size() == 2);
            assertThat(answers.all(unreadKey))
                    .extracting(ConsumerRecord::topic)
                    .containsExactlyInAnyOrder(TOPICS.of(Topic.COMPLETIONS), TOPICS.of(Topic.DEAD_LETTERS));
        }
    }

    private static Completion completion(String key) {
        return requests.completion(answers.await(key));
    }

    private static void startRegistry(int port) {
        registry = new EmbeddedRegistry(Map.of("bootstrap.servers", broker.bootstrapServers()), port);
        registry.start();
    }

    private static NewTopic topic(String name, Map<String, String> settings) {
        return new NewTopic(name, 1, (short) 1).configs(settings);
    }

    private static ProducerRecord<byte[], byte[]> avro(String key) {
        return requests.avro(
                key,
                PrefixRequest.newBuilder().setCorpus("wells").setPrefix("a").build());
    }

    private static ProducerRecord<byte[], byte[]> plain(String key, String prefix) {
        return requests.plain(key, prefix);
    }

    private static void send(ProducerRecord<byte[], byte[]> record) throws Exception {
        requests.send(record);
    }

    /** In one transaction, so that the generator reads all of them at once. */
    private static void sendAtOnce(List<ProducerRecord<byte[], byte[]>> records) {
        Map<String, Object> properties = connection.clientProperties();
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Requests.MAX_REQUEST_SIZE);
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "hostile-requests");
        try (KafkaProducer<byte[], byte[]> together =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            together.initTransactions();
            together.beginTransaction();
            for (ProducerRecord<byte[], byte[]> record : records) {
                Future<RecordMetadata> unused = together.send(record);
            }
            together.commitTransaction();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
