package io.inkstream.embedded.registry;

import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.consumers.BoundedRead;
import io.inkstream.platform.consumers.FollowedTopic;
import io.inkstream.platform.consumers.TopicFollower;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The schema log on topic {@code _schemas}, partition 0. Everything that reaches the reader was read from the topic,
 * what this process appended too: an append waits until its own record came back.
 */
final class KafkaSchemaLog implements SchemaLog {

    private static final Logger log = LoggerFactory.getLogger(KafkaSchemaLog.class);
    private static final TopicPartition PARTITION = new TopicPartition(SchemaTopic.NAME, 0);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final Map<String, Object> kafkaProperties;
    private final Object positionChanged = new Object();
    private @Nullable KafkaProducer<byte[], byte[]> producer;
    private @Nullable TopicFollower follower;

    /** The offset that the reader has not seen yet; guarded by positionChanged. */
    private long position;

    KafkaSchemaLog(Map<String, Object> kafkaProperties) {
        this.kafkaProperties = Map.copyOf(kafkaProperties);
    }

    @Override
    public void open(Consumer<LogEntry> reader) {
        SchemaTopic.ensure(kafkaProperties);
        try {
            long end = readToEnd(reader);
            producer = new KafkaProducer<>(
                    properties(Map.of(
                            "acks",
                            "all",
                            "enable.idempotence",
                            true,
                            "linger.ms",
                            0,
                            "max.block.ms",
                            TIMEOUT.toMillis(),
                            "request.timeout.ms",
                            (int) TIMEOUT.dividedBy(2).toMillis(),
                            "delivery.timeout.ms",
                            (int) TIMEOUT.toMillis())),
                    new ByteArraySerializer(),
                    new ByteArraySerializer());
            follow(reader, end);
        } catch (KafkaException e) {
            throw new InkstreamException(
                    "The schema registry cannot read topic %s (%s): check that the broker at %s runs."
                            .formatted(SchemaTopic.NAME, e.getMessage(), kafkaProperties.get("bootstrap.servers")),
                    e);
        }
    }

    @Override
    public void append(LogEntry entry) {
        if (producer == null) {
            throw new IllegalStateException("The schema log is not open");
        }
        try {
            long offset = producer.send(
                            new ProducerRecord<>(PARTITION.topic(), PARTITION.partition(), entry.key(), entry.value()))
                    .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                    .offset();
            awaitRead(offset);
        } catch (ExecutionException e) {
            throw notWritten(e.getCause() == null ? e : e.getCause());
        } catch (KafkaException | TimeoutException e) {
            throw notWritten(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw notWritten(e);
        }
    }

    @Override
    public void close() {
        if (follower != null) {
            follower.close();
            follower = null;
        }
        if (producer != null) {
            producer.close(Duration.ofSeconds(5));
            producer = null;
        }
    }

    /** Reads what is there; returns the offset behind it. */
    private long readToEnd(Consumer<LogEntry> reader) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            return BoundedRead.IN_SERVICE
                    .readToEnd(consumer, List.of(PARTITION), record -> take(record, reader))
                    .getOrDefault(PARTITION, 0L);
        }
    }

    private void follow(Consumer<LogEntry> reader, long from) {
        FollowedTopic topic =
                new FollowedTopic(SchemaTopic.NAME, partitions -> record -> record.offset() >= from, record -> {
                    take(record, reader);
                    return true;
                });
        follower = new TopicFollower("registry-log", this::consumer, TopicFollower.Start.BEGINNING, List.of(topic));
        follower.start(new TopicFollower.Listener() {
            @Override
            public void changed() {}

            @Override
            public void failed(Throwable failure) {
                synchronized (positionChanged) {
                    positionChanged.notifyAll();
                }
            }
        });
    }

    private void take(ConsumerRecord<byte[], byte[]> record, Consumer<LogEntry> reader) {
        if (record.key() == null) {
            log.atWarn().addKeyValue("offset", record.offset()).log("Schema log entry without a key skipped");
        } else {
            reader.accept(new LogEntry(record.key(), record.value()));
        }
        synchronized (positionChanged) {
            position = record.offset() + 1;
            positionChanged.notifyAll();
        }
    }

    private void awaitRead(long offset) throws InterruptedException, TimeoutException {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        synchronized (positionChanged) {
            while (position <= offset) {
                Optional<Throwable> failure = Optional.ofNullable(follower).flatMap(TopicFollower::failure);
                if (failure.isPresent()) {
                    throw notWritten(failure.get());
                }
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) {
                    throw new TimeoutException("the record at offset %d did not come back".formatted(offset));
                }
                positionChanged.wait(left);
            }
        }
    }

    private static SchemaLogException notWritten(Throwable cause) {
        return new SchemaLogException(
                "Topic %s was not written, or not read back (%s): try again."
                        .formatted(SchemaTopic.NAME, cause.getMessage()),
                cause);
    }

    private Map<String, Object> properties(Map<String, Object> more) {
        Map<String, Object> properties = new HashMap<>(kafkaProperties);
        properties.put("client.id", "inkstream-registry");
        properties.putAll(more);
        return properties;
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(
                properties(Map.of(
                        "enable.auto.commit", false,
                        "auto.offset.reset", "earliest",
                        "allow.auto.create.topics", false)),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }
}
