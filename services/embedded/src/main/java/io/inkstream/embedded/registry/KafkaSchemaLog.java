package io.inkstream.embedded.registry;

import io.inkstream.platform.InkstreamException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The schema log on topic {@code _schemas}, partition 0. Everything that reaches the reader was read from the topic,
 * what this process appended too: an append waits until its own record came back.
 */
final class KafkaSchemaLog implements SchemaLog {

    private static final Logger log = LoggerFactory.getLogger(KafkaSchemaLog.class);
    private static final TopicPartition PARTITION = new TopicPartition(SchemaTopic.NAME, 0);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final Map<String, Object> kafkaProperties;
    private final Object positionChanged = new Object();

    private KafkaConsumer<byte[], byte[]> consumer;
    private KafkaProducer<byte[], byte[]> producer;
    private Thread follower;
    private volatile boolean closing;

    /** The offset that the reader has not seen yet; guarded by positionChanged. */
    private long position;

    /** Why the topic is no longer followed, or null; guarded by positionChanged. */
    private RuntimeException failure;

    KafkaSchemaLog(Map<String, Object> kafkaProperties) {
        this.kafkaProperties = Map.copyOf(kafkaProperties);
    }

    @Override
    public void open(Consumer<LogEntry> reader) {
        SchemaTopic.ensure(kafkaProperties);
        try {
            consumer = new KafkaConsumer<>(
                    properties(Map.of(
                            "enable.auto.commit", false,
                            "auto.offset.reset", "earliest",
                            "allow.auto.create.topics", false)),
                    new ByteArrayDeserializer(),
                    new ByteArrayDeserializer());
            consumer.assign(List.of(PARTITION));
            consumer.seekToBeginning(List.of(PARTITION));
            readToEnd(reader);
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
        } catch (KafkaException e) {
            throw new InkstreamException(
                    "The schema registry cannot read topic %s (%s): see that the broker at %s runs."
                            .formatted(SchemaTopic.NAME, e.getMessage(), kafkaProperties.get("bootstrap.servers")),
                    e);
        }
        follower = new Thread(() -> follow(reader), "registry-log");
        follower.setDaemon(true);
        follower.start();
    }

    @Override
    public void append(LogEntry entry) {
        try {
            long offset = producer.send(
                            new ProducerRecord<>(PARTITION.topic(), PARTITION.partition(), entry.key(), entry.value()))
                    .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                    .offset();
            awaitRead(offset);
        } catch (ExecutionException e) {
            throw notWritten(e.getCause());
        } catch (KafkaException | TimeoutException e) {
            throw notWritten(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw notWritten(e);
        }
    }

    @Override
    public void close() {
        closing = true;
        if (follower != null) {
            consumer.wakeup();
            try {
                follower.join(TIMEOUT.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            follower = null;
        } else if (consumer != null) {
            consumer.close();
        }
        consumer = null;
        if (producer != null) {
            producer.close(Duration.ofSeconds(5));
            producer = null;
        }
    }

    private void readToEnd(Consumer<LogEntry> reader) {
        long end = consumer.endOffsets(List.of(PARTITION)).get(PARTITION);
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (consumer.position(PARTITION) < end) {
            long before = consumer.position(PARTITION);
            poll(reader);
            if (consumer.position(PARTITION) > before) {
                deadline = System.nanoTime() + TIMEOUT.toNanos();
            } else if (System.nanoTime() > deadline) {
                throw new KafkaException(
                        "no record for %d s, at offset %d of %d".formatted(TIMEOUT.toSeconds(), before, end));
            }
        }
    }

    private void follow(Consumer<LogEntry> reader) {
        KafkaConsumer<byte[], byte[]> followed = consumer;
        try {
            while (!closing) {
                poll(reader);
            }
        } catch (WakeupException | InterruptException e) {
            if (!closing) {
                fail(e);
            }
        } catch (RuntimeException e) {
            // The client retries what can be retried: what comes here will not go away.
            fail(e);
        } finally {
            followed.close();
        }
    }

    private void poll(Consumer<LogEntry> reader) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
            if (record.key() == null) {
                log.atWarn().addKeyValue("offset", record.offset()).log("Schema log entry without a key skipped");
            } else {
                reader.accept(new LogEntry(record.key(), record.value()));
            }
        }
        synchronized (positionChanged) {
            position = consumer.position(PARTITION);
            positionChanged.notifyAll();
        }
    }

    private void fail(RuntimeException e) {
        log.atError().addKeyValue("topic", SchemaTopic.NAME).setCause(e).log("Schema log no longer followed");
        synchronized (positionChanged) {
            failure = e;
            positionChanged.notifyAll();
        }
    }

    private void awaitRead(long offset) throws InterruptedException, TimeoutException {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        synchronized (positionChanged) {
            while (position <= offset) {
                if (failure != null) {
                    throw notWritten(failure);
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
                "Topic %s was not written, or not read back (%s): ask again."
                        .formatted(SchemaTopic.NAME, cause.getMessage()),
                cause);
    }

    private Map<String, Object> properties(Map<String, Object> more) {
        Map<String, Object> properties = new HashMap<>(kafkaProperties);
        properties.put("client.id", "inkstream-registry");
        properties.putAll(more);
        return properties;
    }
}
