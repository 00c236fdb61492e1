package io.inkstream.generator;

import static io.inkstream.generator.Answers.header;
import static io.inkstream.generator.Answers.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.corpuslog.requests.RequestHeaders;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.embedded.broker.BrokerSettings;
import io.inkstream.embedded.broker.EmbeddedBroker;
import io.inkstream.embedded.registry.EmbeddedRegistry;
import io.inkstream.platform.config.Connection;
import io.inkstream.schemas.Completion;
import io.inkstream.schemas.FinishReason;
import io.inkstream.schemas.PrefixRequest;
import io.inkstream.testsupport.CheckpointPublisher;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GeneratorServiceTest {

    private static final TopicNames TOPICS = new TopicNames("gen");
    private static final String REPLIES = "gen.replies.of-a-client";
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final byte[] ABCD = CheckpointPublisher.counting(1, "a", "b", "c", "d");

    @TempDir
    private static Path data;

    private static EmbeddedBroker broker;
    private static EmbeddedRegistry registry;
    private static Connection connection;
    private static GeneratorService generator;
    private static CheckpointPublisher publisher;
    private static Requests requests;
    private static Answers answers;
    private static String wells;

    private final AtomicInteger number = new AtomicInteger();

    @BeforeAll
    static void start() throws Exception {
        broker = new EmbeddedBroker(new BrokerSettings(data, 0));
        broker.start();
        registry = new EmbeddedRegistry(Map.of("bootstrap.servers", broker.bootstrapServers()), 0);
        registry.start();
        connection = new Connection(broker.bootstrapServers(), registry.url());
        try (Admin admin = Admin.create(connection.clientProperties())) {
            admin.createTopics(List.of(new NewTopic(REPLIES, 3, (short) 1)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
        generator = startGenerator();
        publisher = new CheckpointPublisher(connection, TOPICS);
        wells = publisher.publish("wells", 0, ABCD);
        Awaitility.await()
                .atMost(TIMEOUT)
                .until(() -> generator.health().detail().startsWith("models of 1"));
        requests = new Requests(connection, TOPICS);
        answers = new Answers(
                connection,
                TOPICS.of(Topic.COMPLETIONS),
                TOPICS.of(Topic.COMPLETIONS_TEXT),
                TOPICS.of(Topic.DEAD_LETTERS),
                REPLIES);
    }

    @AfterAll
    static void stop() {
        answers.close();
        requests.close();
        publisher.close();
        generator.close();
        registry.close();
        broker.close();
    }

    @Test
    void anAvroRequestIsAnsweredByTheLatestCheckpoint() throws Exception {
        // Given
        ProducerRecord<byte[], byte[]> request =
                avro("avro", request("wells", "b?").build());
        byte[] correlation = {0, 1, (byte) 0xFF};
        request.headers().add(RequestHeaders.CORRELATION_ID, correlation).add("mine", new byte[1]);

        // When
        send(request);

        // Then
        ConsumerRecord<byte[], byte[]> answer = answers.await("avro");
        assertThat(answer.topic()).isEqualTo(TOPICS.of(Topic.COMPLETIONS));
        assertThat(answer.headers().lastHeader(RequestHeaders.CORRELATION_ID).value())
                .isEqualTo(correlation);
        assertThat(answer.headers().lastHeader("mine")).isNull();
        Completion completion = completion(answer);
        assertThat(completion.getCorpus()).isEqualTo("wells");
        assertThat(completion.getPrefix()).isEqualTo("b?");
        assertThat(completion.getText()).isEqualTo("abcda");
        assertThat(completion.getTokens()).isEqualTo(5);
        assertThat(completion.getUnknownTokens()).isEqualTo(1);
        assertThat(completion.getFinish()).isEqualTo(FinishReason.LENGTH);
        assertThat(completion.getCheckpoint().getSha256()).isEqualTo(wells);
        assertThat(completion.getCheckpoint().getStep()).isEqualTo(7);
        assertThat(completion.getSeed()).isNull();
    }

    @Test
    void aSampledAnswerNamesItsSeedAndCanBeRepeated() throws Exception {
        // Given
        send(avro(
                "sampled",
                request("wells", "b").setTemperature(2).setMaxTokens(40).build()));
        Completion first = completion(answers.await("sampled"));

        // When
        send(avro(
                "again",
                request("wells", "b")
                        .setTemperature(2)
                        .setMaxTokens(40)
                        .setSeed(first.getSeed())
                        .build()));

        // Then
        assertThat(completion(answers.await("again")).getText())
                .isEqualTo(first.getText())
                .hasSize(40);
    }

    @Test
    void aPlainRequestIsAnsweredInPlainText() throws Exception {
        // Given
        ProducerRecord<byte[], byte[]> request = plain("plain", "ab", "wells");
        request.headers().add("inkstream.max-tokens", bytes("30")).add("inkstream.stop", bytes("ab"));

        // When
        send(request);

        // Then
        ConsumerRecord<byte[], byte[]> answer = answers.await("plain");
        assertThat(answer.topic()).isEqualTo(TOPICS.of(Topic.COMPLETIONS_TEXT));
        assertThat(text(answer.value())).isEqualTo("abcd");
        assertThat(header(answer, "inkstream.checkpoint")).isEqualTo(wells);
        assertThat(header(answer, "inkstream.finish")).isEqualTo("stop");
    }

    @Test
    void anInvalidRequestIsAnsweredWithTheError() throws Exception {
        // When
        send(avro("unknown", request("nobody", "b").build()));
        send(avro("negative", request("wells", "b").setMaxTokens(-1).build()));
        ProducerRecord<byte[], byte[]> notANumber = plain("nan", "ab", "wells");
        notANumber.headers().add("inkstream.top-k", bytes("many"));
        send(notANumber);

        // Then
        Completion unknown = completion(answers.await("unknown"));
        assertThat(unknown.getFinish()).isEqualTo(FinishReason.ERROR);
        assertThat(unknown.getError()).contains("'nobody'").contains("wells");
        assertThat(completion(answers.await("negative")).getError())
                .contains("maxTokens")
                .contains("-1");
        assertThat(text(answers.await("nan").value())).startsWith("error: ").contains("inkstream.top-k");
        assertThat(header(answers.await("nan"), "inkstream.error")).contains("'many'");
    }

    @Test
    void aRecordThatIsNotARequestBecomesADeadLetter() throws Exception {
        // When
        send(new ProducerRecord<>(TOPICS.of(Topic.PREFIXES), bytes("noise"), new byte[] {(byte) 0xFF, (byte) 0xD8}));

        // Then
        Awaitility.await().atMost(TIMEOUT).until(() -> answers.all("noise").size() == 2);
        assertThat(answers.all("noise"))
                .extracting(ConsumerRecord::topic)
                .containsExactlyInAnyOrder(TOPICS.of(Topic.COMPLETIONS_TEXT), TOPICS.of(Topic.DEAD_LETTERS));
    }

    @Test
    void anAnswerGoesWhereTheRequestWantsIt() throws Exception {
        // Given the partition as Spring and as NestJS write it
        ProducerRecord<byte[], byte[]> spring =
                avro("spring", request("wells", "b").build());
        spring.headers()
                .add(RequestHeaders.REPLY_TOPIC, bytes(REPLIES))
                .add(
                        RequestHeaders.REPLY_PARTITION,
                        ByteBuffer.allocate(4).putInt(2).array());
        ProducerRecord<byte[], byte[]> nest = plain("nest", "b", "wells");
        nest.headers().add(RequestHeaders.REPLY_TOPIC, bytes(REPLIES)).add(RequestHeaders.REPLY_PARTITION, bytes("1"));

        // When
        send(spring);
        send(nest);

        // Then
        assertThat(answers.await("spring").topic()).isEqualTo(REPLIES);
        assertThat(answers.await("spring").partition()).isEqualTo(2);
        assertThat(answers.await("nest").topic()).isEqualTo(REPLIES);
        assertThat(answers.await("nest").partition()).isEqualTo(1);
    }

    @Test
    void anAnswerThatCannotBeWrittenToTheReplyTopicGoesToTheDefaultTopic() throws Exception {
        // Given
        ProducerRecord<byte[], byte[]> missing =
                avro("missing", request("wells", "b").build());
        missing.headers().add(RequestHeaders.REPLY_TOPIC, bytes("gen.replies.nowhere"));
        ProducerRecord<byte[], byte[]> beyond =
                avro("beyond", request("wells", "b").build());
        beyond.headers()
                .add(RequestHeaders.REPLY_TOPIC, bytes(REPLIES))
                .add(RequestHeaders.REPLY_PARTITION, bytes("3"));
        ProducerRecord<byte[], byte[]> ours = avro("ours", request("wells", "b").build());
        ours.headers().add(RequestHeaders.REPLY_TOPIC, bytes(TOPICS.of(Topic.MODELS)));

        // When
        send(missing);
        send(beyond);
        send(ours);

        // Then
        for (String key : List.of("missing", "beyond", "ours")) {
            assertThat(answers.await(key).topic()).isEqualTo(TOPICS.of(Topic.COMPLETIONS));
            assertThat(completion(answers.await(key)).getText()).isEqualTo("cdabc");
        }
        assertThat(header(answers.await("missing"), "inkstream.reply-error")).contains("nowhere");
        assertThat(header(answers.await("beyond"), "inkstream.reply-error")).contains("no partition 3");
        assertThat(header(answers.await("ours"), "inkstream.reply-error")).contains("must not be used for answers");
    }

    @Test
    void aNewCheckpointIsUsedForTheNextRequests() throws Exception {
        // Given
        publisher.publish("growing", 0, ABCD);
        awaitModel("growing");
        assertThat(ask("growing", "a").getText()).isEqualTo("bcdab");

        // When
        String newer = publisher.publish("growing", 1, CheckpointPublisher.counting(2, "a", "x", "y"));

        // Then
        awaitCheckpoint("growing", newer);
        assertThat(ask("growing", "a").getText()).isEqualTo("xyaxy");
    }

    @Test
    void aCheckpointThatWasRolledBackIsNeverSeen() throws Exception {
        // Given
        publisher.publish("aborted", 0, ABCD, ABCD, false);

        // When a later one in the same partition shows that the reader has passed it
        String neighbour = publisher.neighbour("aborted");
        publisher.publish(neighbour, 0, ABCD);
        awaitModel(neighbour);

        // Then
        assertThat(ask("aborted", "a").getError()).contains("no corpus 'aborted'");
    }

    @Test
    void aDamagedCheckpointDoesNotReplaceThePrevious() throws Exception {
        // Given
        String whole = publisher.publish("damaged", 0, ABCD);
        awaitModel("damaged");
        assertThat(ask("damaged", "a").getCheckpoint().getSha256()).isEqualTo(whole);
        byte[] next = CheckpointPublisher.counting(2, "a", "x", "y");
        byte[] flipped = next.clone();
        flipped[flipped.length / 2] ^= 4;

        // When
        publisher.publish("damaged", 1, next, flipped, true);
        String neighbour = publisher.neighbour("damaged");
        publisher.publish(neighbour, 0, ABCD);
        awaitModel(neighbour);

        // Then
        assertThat(ask("damaged", "a").getCheckpoint().getSha256()).isEqualTo(whole);

        // And the next readable one is served
        String repaired = publisher.publish("damaged", 2, next);
        awaitCheckpoint("damaged", repaired);
    }

    @Test
    void aDamagedFirstCheckpointIsAnError() throws Exception {
        // Given
        byte[] shorter = Arrays.copyOf(ABCD, ABCD.length - 1);
        publisher.publish("unreadable", 0, ABCD, shorter, true);
        awaitModel("unreadable");

        // When / Then
        assertThat(ask("unreadable", "a").getError())
                .contains("unreadable/0/0")
                .contains(TOPICS.of(Topic.CHECKPOINTS))
                .contains("bytes");
    }

    @Test
    void aRemovedModelDoesNotAnswer() throws Exception {
        // Given
        publisher.publish("gone", 0, ABCD);
        awaitModel("gone");
        assertThat(ask("gone", "a").getError()).isNull();

        // When
        publisher.remove("gone");

        // Then
        Awaitility.await().atMost(TIMEOUT).until(() -> ask("gone", "a").getError() != null);
    }

    @Test
    void recordsOutsideThePartitionOfTheirCorpusAreIgnored() throws Exception {
        // Given
        publisher.publish("settled", 0, ABCD);
        awaitModel("settled");

        // When another partition says that there is no such model, and a later record is read
        publisher.removeElsewhere("settled");
        publisher.publish("later", 0, ABCD);
        awaitModel("later");

        // Then
        assertThat(ask("settled", "a").getText()).isEqualTo("bcdab");
    }

    @Test
    void requestsSentWhileItIsStoppedAreAnsweredOnce() throws Exception {
        // Given
        send(avro("before", request("wells", "b").build()));
        answers.await("before");

        // When
        generator.close();
        send(avro("meanwhile", request("wells", "b").build()));
        generator = startGenerator();

        // Then
        assertThat(completion(answers.await("meanwhile")).getText()).isEqualTo("cdabc");
        assertThat(answers.all("before")).hasSize(1);
    }

    @Test
    void everyRequestIsAnsweredWhileMembersOfTheGroupComeAndGo() throws Exception {
        // Given
        int count = 300;
        GeneratorService second = null;

        // When
        for (int i = 0; i < count; i++) {
            send(avro("moving-" + i, request("wells", "b").setMaxTokens(2000).build()));
            if (i == count / 3) {
                second = startGenerator();
            } else if (i == 2 * count / 3) {
                second.close();
            }
        }

        // Then
        for (int i = 0; i < count; i++) {
            assertThat(completion(answers.await("moving-" + i)).getTokens()).isEqualTo(2000);
        }
    }

    private static GeneratorService startGenerator() {
        GeneratorService service =
                new GeneratorService(connection, TOPICS, new GeneratorSettings(2, 4), new SimpleMeterRegistry());
        service.start();
        Awaitility.await().atMost(TIMEOUT).until(() -> service.health().ready());
        return service;
    }

    private Completion ask(String corpus, String prefix) throws Exception {
        String key = corpus + "-" + number.incrementAndGet();
        send(avro(key, request(corpus, prefix).build()));
        return completion(answers.await(key));
    }

    /** The manifest arrives shortly after its commit. */
    private void awaitModel(String corpus) {
        Awaitility.await().atMost(TIMEOUT).until(() -> {
            String error = ask(corpus, "a").getError();
            return error == null || !error.startsWith("There is no corpus");
        });
    }

    private void awaitCheckpoint(String corpus, String sha256) {
        Awaitility.await()
                .atMost(TIMEOUT)
                .until(() -> ask(corpus, "a").getCheckpoint().getSha256().equals(sha256));
    }

    private static PrefixRequest.Builder request(String corpus, String prefix) {
        return PrefixRequest.newBuilder().setCorpus(corpus).setPrefix(prefix).setMaxTokens(5);
    }

    private static ProducerRecord<byte[], byte[]> avro(String key, PrefixRequest request) {
        return requests.avro(key, request);
    }

    private static ProducerRecord<byte[], byte[]> plain(String key, String prefix, String corpus) {
        ProducerRecord<byte[], byte[]> record = requests.plain(key, prefix);
        record.headers().add("inkstream.corpus", bytes(corpus));
        return record;
    }

    private static void send(ProducerRecord<byte[], byte[]> record) throws Exception {
        requests.send(record);
    }

    private static Completion completion(ConsumerRecord<byte[], byte[]> answer) {
        return requests.completion(answer);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
