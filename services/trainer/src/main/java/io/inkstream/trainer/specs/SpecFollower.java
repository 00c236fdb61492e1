package io.inkstream.trainer.specs;

import io.inkstream.platform.config.CommittedReads;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.specs.SpecReading;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the corpora topic in a thread of its own and holds the newest spec of each corpus. The topic is small, so
 * every trainer reads all of it, whatever partitions it trains.
 */
public final class SpecFollower implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(SpecFollower.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    private final Connection connection;
    private final String topic;
    private final Runnable onChange;
    private final Map<String, PublishedSpec> specs = new ConcurrentHashMap<>();
    private final Thread thread = new Thread(this::follow, "corpora-follower");
    private volatile KafkaConsumer<byte[], byte[]> consumer;
    private volatile boolean caughtUp;
    private volatile Throwable failure;
    private volatile boolean closing;

    /**
     * A follower that is not started yet.
     *
     * @param onChange called after new specs were read, on the follower's thread
     */
    public SpecFollower(Connection connection, String topic, Runnable onChange) {
        this.connection = connection;
        this.topic = topic;
        this.onChange = onChange;
    }

    /** Starts following. */
    public void start() {
        thread.start();
    }

    /** True once everything was read that was there at the start. */
    public boolean caughtUp() {
        return caughtUp;
    }

    /** What ended the follower, or null. */
    public Throwable failure() {
        return failure;
    }

    /** The newest spec of a corpus. */
    public Optional<PublishedSpec> spec(String corpus) {
        return Optional.ofNullable(specs.get(corpus));
    }

    @Override
    public void close() {
        closing = true;
        KafkaConsumer<byte[], byte[]> open = consumer;
        if (open != null) {
            open.wakeup();
        }
        try {
            thread.join(CLOSE_PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void follow() {
        Map<String, Object> properties = CommittedReads.properties(connection);
        try (KafkaConsumer<byte[], byte[]> opened =
                        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
                Deserializer<CorpusSpec> deserializer = RecordSerdes.reader(connection, CorpusSpec.class)) {
            consumer = opened;
            List<TopicPartition> partitions = opened.partitionsFor(topic).stream()
                    .map(p -> new TopicPartition(topic, p.partition()))
                    .toList();
            opened.assign(partitions);
            opened.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = opened.endOffsets(partitions);
            while (!closing) {
                boolean read = false;
                for (ConsumerRecord<byte[], byte[]> record : opened.poll(caughtUp ? POLL : Duration.ofMillis(50))) {
                    read |= read(record, deserializer);
                }
                if (!caughtUp) {
                    caughtUp = ends.entrySet().stream().allMatch(e -> opened.position(e.getKey()) >= e.getValue());
                    read |= caughtUp;
                }
                if (read) {
                    onChange.run();
                }
            }
        } catch (WakeupException | InterruptException e) {
            if (!closing) {
                failure = e;
            }
        } catch (RuntimeException | Error e) {
            failure = e;
            log.atError().setCause(e).log("Following the corpora ended");
        }
    }

    private boolean read(ConsumerRecord<byte[], byte[]> record, Deserializer<CorpusSpec> deserializer) {
        if (record.key() == null) {
            return false; // ingest, which reads this topic too, has made it a dead letter
        }
        String corpus = new String(record.key(), StandardCharsets.UTF_8);
        if (record.value() == null) {
            specs.remove(corpus);
            return true;
        }
        while (!closing) {
            try {
                return take(corpus, record, deserializer.deserialize(record.topic(), record.headers(), record.value()));
            } catch (SerializationException e) {
                passOver(corpus, record, e.getMessage());
                return false;
            } catch (RetriableException e) {
                log.atWarn().addKeyValue("reason", e.getMessage()).log("The registry does not answer; trying again");
                try {
                    Thread.sleep(PAUSE.toMillis());
                } catch (InterruptedException interrupted) {
                    throw new InterruptException(interrupted);
                }
            }
        }
        return false;
    }

    /** A spec with impossible values takes the place of another such spec only, so that it is seen where there is no good one. */
    private boolean take(String corpus, ConsumerRecord<byte[], byte[]> record, CorpusSpec spec) {
        PublishedSpec before = specs.get(corpus);
        Optional<String> problem = SpecReading.problem(spec);
        if (problem.isPresent()
                && before != null
                && SpecReading.problem(before.spec()).isEmpty()) {
            passOver(corpus, record, problem.get());
            return false;
        }
        specs.put(corpus, new PublishedSpec(spec, Instant.ofEpochMilli(record.timestamp())));
        return true;
    }

    /** Ingest, which reads this topic too, makes it a dead letter. */
    private static void passOver(String corpus, ConsumerRecord<byte[], byte[]> record, String reason) {
        log.atWarn()
                .addKeyValue("corpus", corpus)
                .addKeyValue("partition", record.partition())
                .addKeyValue("offset", record.offset())
                .addKeyValue("reason", reason)
                .log("A corpus spec cannot be used; the one before stays, if there is one");
    }
}
