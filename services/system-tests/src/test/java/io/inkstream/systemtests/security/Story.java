package io.inkstream.systemtests.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.inkstream.corpuslog.requests.RequestHeaders;
import io.inkstream.corpuslog.topics.CorpusPartition;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.consumers.BoundedRead;
import io.inkstream.platform.consumers.ConsumerFactory;
import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.systemtests.processes.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;

/** Everything that services and commands do with the topics, once each. */
final class Story {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CORPUS = "story";

    private final SecuredCluster cluster;
    private final SecuredPipeline pipeline;
    private final TopicNames topics;
    private final Path folder;

    Story(SecuredCluster cluster, SecuredPipeline pipeline, TopicNames topics, Path folder) {
        this.cluster = cluster;
        this.pipeline = pipeline;
        this.topics = topics;
        this.folder = folder;
    }

    /** From text to completions, and what operators do. */
    void play() throws IOException {
        produceAndTrain();
        look();
        operate();
        rejectAndReplay();
        forward();
        replyElsewhere();
        damage();
    }

    /** A corpus and two checkpoints. */
    private void produceAndTrain() throws IOException {
        Path text = Files.writeString(
                folder.resolve("text.txt"), "the old press sighed and the river took us\n".repeat(200));
        user("produce", "--corpus", CORPUS, text.toString());
        train(2);
        user("complete", "--corpus", CORPUS, "--wait", "60", "the old");
        train(20);
        await("two checkpoints").atMost(TIMEOUT).until(() -> checkpoints().size() > 1 && finished());
    }

    private void train(int epochs) {
        user(
                "train",
                "--corpus",
                CORPUS,
                "--hidden",
                "8",
                "--max-tokens",
                "2000",
                "--epochs",
                Integer.toString(epochs));
    }

    /** What users look at. */
    private void look() {
        user("corpora");
        user("watch", "--corpus", CORPUS, "--once");
        user("verify", "--corpus", CORPUS);
        user("provenance", "--corpus", CORPUS);
        user("export", "--corpus", CORPUS, model().toString());
        user("plot", "--corpus", CORPUS, folder.resolve("plot.svg").toString());
    }

    private void operate() {
        operator("import", "--corpus", "imported", model().toString());
        user("complete", "--corpus", "imported", "--wait", "60", "the old");
        operator("import", "--corpus", neighbor(), model().toString()); // where there are tokens to look at
        operator("rollback", "--corpus", CORPUS, "--to", oldest());
    }

    /** A corpus without text, in the partition of the one with text. */
    private static String neighbor() {
        CorpusPartition home = new CorpusPartition(SecuredPipeline.PARTITIONS);
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> "neighbor-" + i)
                .filter(name -> home.of(name) == home.of(CORPUS))
                .findFirst()
                .orElseThrow();
    }

    /** A record without a key, and a request that no schema explains. */
    private void rejectAndReplay() {
        try (KafkaProducer<byte[], byte[]> producer = producer(cluster.connection("user"))) {
            send(producer, new ProducerRecord<>(topics.of(Topic.TEXT), null, bytes("no key\n")));
            send(producer, new ProducerRecord<>(topics.of(Topic.PREFIXES), bytes("bad"), new byte[] {0, 0, 0, 0, 99, 1
            }));
            // A spec that ingest rejects, and a token block that the trainer rejects, which only an administrator may
            // write.
            send(producer, new ProducerRecord<>(topics.of(Topic.CORPORA), bytes(CORPUS), bytes("no spec")));
        }
        try (KafkaProducer<byte[], byte[]> producer = producer(administrator())) {
            send(producer, new ProducerRecord<>(topics.of(Topic.TOKENS), 0, bytes("damaged"), bytes("no block")));
            send(producer, new ProducerRecord<>(topics.of(Topic.TOKENS), 1, bytes("damaged"), bytes("no block")));
        }
        await("dead letters of four topics").atMost(TIMEOUT).untilAsserted(() -> assertThat(
                        user("dead-letters").out())
                .contains(
                        topics.of(Topic.TEXT),
                        topics.of(Topic.PREFIXES),
                        topics.of(Topic.CORPORA),
                        topics.of(Topic.TOKENS)));
        List<String> replayable = user("dead-letters")
                .out()
                .lines()
                .filter(line -> line.matches("\\d+:\\d+ .*") && !line.contains(topics.of(Topic.TOKENS)))
                .map(line -> line.replaceFirst(" .*", ""))
                .toList();
        operator("dead-letters", "--replay", String.join(",", replayable));
    }

    /** Text in both partitions: one of them is not that of its corpus. */
    private void forward() {
        try (KafkaProducer<byte[], byte[]> producer = producer(cluster.connection("user"))) {
            IntStream.range(0, 2)
                    .forEach(partition -> send(
                            producer,
                            new ProducerRecord<>(
                                    topics.of(Topic.TEXT), partition, bytes("other"), bytes("some text\n"))));
        }
        await("the corpus of the forwarded text")
                .atMost(TIMEOUT)
                .until(() -> user("corpora").out().contains("other"));
    }

    /** A request in plain text, and one that wants its reply on a topic of its own. */
    private void replyElsewhere() {
        String replies = topics.prefix() + ".replies.app";
        Kafka.await(cluster.admin()
                .createTopics(List.of(new NewTopic(replies, 1, (short) 1)))
                .all());
        ProducerRecord<byte[], byte[]> plain = request("plain");
        ProducerRecord<byte[], byte[]> elsewhere = request("elsewhere");
        elsewhere.headers().add(RequestHeaders.REPLY_TOPIC, bytes(replies));
        try (KafkaProducer<byte[], byte[]> producer = producer(cluster.connection("user"))) {
            send(producer, plain);
            send(producer, elsewhere);
        }
        await("a reply on a topic of its own").atMost(TIMEOUT).until(() -> !read(replies)
                .isEmpty());
        await("a plain reply").atMost(TIMEOUT).until(() -> read(topics.of(Topic.COMPLETIONS_TEXT)).stream()
                .anyMatch(reply -> new String(reply.key(), StandardCharsets.UTF_8).equals("plain")));
    }

    /** Asks for completions, whether there is a model or not, and does not wait for them. */
    void askUntil(BooleanSupplier enough) {
        try (KafkaProducer<byte[], byte[]> producer = producer(cluster.connection("user"))) {
            await("the end of the requests").atMost(TIMEOUT).until(() -> {
                ProducerRecord<byte[], byte[]> request =
                        new ProducerRecord<>(topics.of(Topic.PREFIXES), bytes("request"), bytes("the old"));
                request.headers().add("inkstream.corpus", bytes(CORPUS));
                send(producer, request);
                return enough.getAsBoolean();
            });
        }
    }

    private ProducerRecord<byte[], byte[]> request(String id) {
        ProducerRecord<byte[], byte[]> request =
                new ProducerRecord<>(topics.of(Topic.PREFIXES), bytes(id), bytes("the old"));
        request.headers().add("inkstream.corpus", bytes("imported"));
        return request;
    }

    /** A manifest that no chunks belong to: generator and trainer fall back to what the history has. */
    private void damage() {
        pipeline.stop("trainer");
        CheckpointManifest newest = newestManifest();
        CheckpointManifest damaged = CheckpointManifest.newBuilder(newest)
                .setNumber(newest.getNumber() + 1)
                .setSha256("0".repeat(64))
                .setSlot(newest.getSlot() + 1)
                .setChunkOffsets(
                        List.of(newest.getChunkOffsets().get(0) + 1)) // a marker; what shares chunks is damaged, too
                .setFinished(false)
                .setRolledBackFrom(null)
                .setRolledBackAt(null)
                .build();
        Connection administrator = administrator();
        try (KafkaProducer<byte[], byte[]> producer = producer(administrator);
                Serializer<CheckpointManifest> manifests = RecordSerdes.serializer(administrator)) {
            String models = topics.of(Topic.MODELS);
            send(
                    producer,
                    new ProducerRecord<>(
                            models,
                            newest.getCheckpointPartition(),
                            bytes(CORPUS),
                            manifests.serialize(models, damaged)));
        }
        await("a damaged checkpoint in the generator's health")
                .atMost(TIMEOUT)
                .until(() -> pipeline.health("generator").detail().contains("cannot be read"));
        pipeline.stop("generator");
        pipeline.start("generator");
        user("complete", "--corpus", CORPUS, "--wait", "60", "the old"); // by the older checkpoint
        train(30);
        pipeline.start("trainer");
        await("the training that goes on after a damaged checkpoint")
                .atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(finished())
                        .as(
                                "%s; %s",
                                pipeline.health("trainer"),
                                user("watch", "--corpus", CORPUS, "--once").out())
                        .isTrue());
    }

    private CheckpointManifest newestManifest() {
        Connection administrator = administrator();
        try (var manifests = RecordSerdes.deserializer(administrator, CheckpointManifest.class)) {
            return read(topics.of(Topic.MODELS)).stream()
                    .filter(record -> new String(record.key(), StandardCharsets.UTF_8).equals(CORPUS))
                    .map(record -> manifests.deserialize(record.topic(), record.value()))
                    .reduce((older, newer) -> newer)
                    .orElseThrow();
        }
    }

    private List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = ConsumerFactory.openBounded(administrator())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            BoundedRead.IN_COMMAND.readToEnd(consumer, partitions, records::add);
        }
        return records;
    }

    private Connection administrator() {
        return cluster.administrator();
    }

    private boolean finished() {
        List<JsonNode> all = checkpoints();
        return all.get(all.size() - 1).path("finished").asBoolean();
    }

    private String oldest() {
        return checkpoints().get(0).path("sha256").asText();
    }

    /** The oldest first. */
    private List<JsonNode> checkpoints() {
        try {
            List<JsonNode> checkpoints = new ArrayList<>();
            JSON.readTree(user("checkpoints", "--corpus", CORPUS, "--json").out())
                    .forEach(checkpoints::add);
            checkpoints.sort(Comparator.comparingLong(
                    checkpoint -> checkpoint.path("number").asLong()));
            return checkpoints;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Path model() {
        return folder.resolve("model.safetensors");
    }

    private Outcome user(String... arguments) {
        return succeed("user", arguments);
    }

    private Outcome operator(String... arguments) {
        return succeed("operator", arguments);
    }

    private Outcome succeed(String user, String... arguments) {
        Outcome outcome = pipeline.command(user, arguments);
        assertThat(outcome.exitCode())
                .as("%s: %s", String.join(" ", arguments), outcome.err())
                .isZero();
        return outcome;
    }

    private static KafkaProducer<byte[], byte[]> producer(Connection connection) {
        return new KafkaProducer<>(connection.clientProperties(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static void send(KafkaProducer<byte[], byte[]> producer, ProducerRecord<byte[], byte[]> record) {
        try {
            var unused = producer.send(record).get();
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
