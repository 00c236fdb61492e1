package io.inkstream.testsupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.inkstream.corpuslog.deadletters.DeadLetter;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.corpuslog.topics.TopicProvisioner;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.platform.registry.WireFormat;
import io.inkstream.schemas.CheckpointManifest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;

/** The topics of one test: to write to them, and to read what services have written. */
public final class TestTopics implements AutoCloseable {

    public static final int PARTITIONS = 2;
    public static final Duration TIMEOUT = Duration.ofSeconds(60);

    private static final List<String> HEADERS = List.of(
            DeadLetter.EXCEPTION,
            DeadLetter.MESSAGE,
            DeadLetter.STACKTRACE,
            DeadLetter.TOPIC,
            DeadLetter.PARTITION,
            DeadLetter.OFFSET);

    public final Connection connection;
    public final TopicNames names;
    private final KafkaProducer<byte[], byte[]> producer;
    private final TopicReader reader;

    public TestTopics(Connection connection, String prefix) {
        this.connection = connection;
        this.names = new TopicNames(prefix);
        TopicProvisioner.ensure(connection, names, PARTITIONS, EnumSet.allOf(Topic.class));
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", connection.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        this.reader = new TopicReader(connection);
    }

    /** A value as the serde writes it. */
    public <T extends SpecificRecord> byte[] encoded(Topic topic, T value) {
        return RecordSerdes.<T>serializer(connection).serialize(names.of(topic), value);
    }

    /** Produces a record; returns its position. */
    public Sent send(Topic topic, String key, byte[] value, Header... headers) {
        byte[] keyBytes = key == null ? null : key.getBytes(StandardCharsets.UTF_8);
        try {
            RecordMetadata written = producer.send(
                            new ProducerRecord<>(names.of(topic), null, keyBytes, value, List.of(headers)))
                    .get();
            return new Sent(written.topic(), written.partition(), written.offset(), keyBytes, value);
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    /** Writes the dead letter of a record, which need not exist. */
    public void writeDeadLetter(ConsumerRecord<byte[], byte[]> record, String reason) {
        try {
            producer.send(DeadLetter.of(names.of(Topic.DEAD_LETTERS), record, new InkstreamException(reason)))
                    .get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    /** All committed records of a topic. */
    public List<ConsumerRecord<byte[], byte[]>> committed(Topic topic) {
        return reader.all(names.of(topic), "read_committed");
    }

    /** All records of a topic, also those of aborted transactions. */
    public List<ConsumerRecord<byte[], byte[]>> uncommitted(Topic topic) {
        return reader.all(names.of(topic), "read_uncommitted");
    }

    /** The newest checkpoint of a corpus that can be read; null when there is none. */
    public CheckpointManifest newest(String corpus) {
        CheckpointManifest newest = null;
        try (Deserializer<CheckpointManifest> values =
                RecordSerdes.deserializer(connection, CheckpointManifest.class)) {
            for (ConsumerRecord<byte[], byte[]> record : committed(Topic.MODELS)) {
                if (corpus.equals(new String(record.key(), StandardCharsets.UTF_8)) && !isDamaged(record)) {
                    newest = values.deserialize(record.topic(), record.value());
                }
            }
        }
        return newest;
    }

    public CheckpointManifest awaitFinished(String corpus, long tokens) {
        await("checkpoint of " + corpus).atMost(TIMEOUT).until(() -> {
            CheckpointManifest newest = newest(corpus);
            return newest != null && newest.getFinished() && newest.getSource().getEndPosition() == tokens;
        });
        return newest(corpus);
    }

    /** Waits until there are this many dead letters, and no more. */
    public List<ConsumerRecord<byte[], byte[]>> awaitDeadLetters(int count) {
        return awaitCommitted(Topic.DEAD_LETTERS, count);
    }

    /**
     * Waits until this many records of a topic can be read, and no more. The records of a transaction can be read a moment
     * after it was committed, when the brokers have written its markers.
     */
    public List<ConsumerRecord<byte[], byte[]>> awaitCommitted(Topic topic, int count) {
        await("records of %s".formatted(names.of(topic)))
                .atMost(TIMEOUT)
                .until(() -> committed(topic).size() >= count);
        List<ConsumerRecord<byte[], byte[]>> records = committed(topic);
        assertThat(records).hasSize(count);
        return records;
    }

    /** There is exactly one dead letter of a record: unchanged, and with all headers that say why it was rejected. */
    public static void assertOneDeadLetter(List<ConsumerRecord<byte[], byte[]>> deadLetters, Sent sent, String reason) {
        assertThat(deadLetters)
                .filteredOn(letter -> isOf(letter, sent))
                .singleElement()
                .satisfies(letter -> {
                    assertThat(letter.key()).isEqualTo(sent.key());
                    assertThat(letter.value()).isEqualTo(sent.value());
                    assertThat(Arrays.stream(letter.headers().toArray()).map(Header::key))
                            .containsExactlyInAnyOrderElementsOf(HEADERS);
                    assertThat(header(letter, DeadLetter.MESSAGE)).contains(reason);
                    assertThat(header(letter, DeadLetter.EXCEPTION)).contains("Exception");
                    assertThat(header(letter, DeadLetter.STACKTRACE)).contains("\tat ");
                });
    }

    public static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        reader.close();
        producer.close();
    }

    private static boolean isOf(ConsumerRecord<byte[], byte[]> letter, Sent sent) {
        return header(letter, DeadLetter.TOPIC).equals(sent.topic())
                && header(letter, DeadLetter.PARTITION).equals(Integer.toString(sent.partition()))
                && header(letter, DeadLetter.OFFSET).equals(Long.toString(sent.offset()));
    }

    /** Test data are damaged in their first bytes, or truncated. */
    private static boolean isDamaged(ConsumerRecord<byte[], byte[]> record) {
        return record.value().length < 20
                || record.value()[0] != WireFormat.MAGIC
                || WireFormat.id(record.value(), 0) == DamagedValue.UNKNOWN_ID;
    }

    /** All records that a topic holds at this moment. */
    public static List<ConsumerRecord<byte[], byte[]>> all(Connection connection, String topic, String isolation) {
        try (TopicReader reader = new TopicReader(connection)) {
            return reader.all(topic, isolation);
        }
    }

    /** A record that was produced. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Sent(String topic, int partition, long offset, byte[] key, byte[] value) {}
}
