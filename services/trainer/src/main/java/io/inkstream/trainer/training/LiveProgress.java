package io.inkstream.trainer.training;

import io.inkstream.platform.config.Connection;
import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.schemas.TrainingProgress;
import io.inkstream.schemas.TrainingState;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes live progress: about twice a second while a corpus trains, else when something changed. It is sent at once,
 * outside of any transaction, and nothing waits for it. No fence stops it, so its publisher has to be sure that it owns the
 * corpus, and what cannot be sent soon is not sent later.
 */
final class LiveProgress implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(LiveProgress.class);
    private static final long INTERVAL_NANOS = Duration.ofMillis(500).toNanos();
    private static final long PAUSE_NANOS = Duration.ofSeconds(2).toNanos();
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

    private final String topic;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Serializer<TrainingProgress> serializer;
    private final Map<String, Sent> lastSent = new ConcurrentHashMap<>();
    private volatile boolean paused;
    private volatile long pausedAt;

    LiveProgress(Connection connection, String topic) {
        this.topic = topic;
        this.serializer = RecordSerdes.serializer(connection);
        Map<String, Object> properties = connection.clientProperties();
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 1_000); // live progress is not worth a wait
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 2_000);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 2_000); // another may own the corpus later
        this.producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** True when live progress of a corpus that trains is due. */
    boolean due(String corpus, long nanos) {
        Sent sent = lastSent.get(corpus);
        return sent == null || nanos - sent.nanos() >= INTERVAL_NANOS;
    }

    /**
     * True when live progress should be published: always while training, else until it has arrived once. After a failure
     * nothing is sent for a moment, so that training is not held up again and again by a broker that is unavailable.
     */
    boolean shouldPublish(String corpus, TrainingProgress progress, long nanos) {
        if (paused && nanos - pausedAt < PAUSE_NANOS) {
            return false;
        }
        Sent sent = lastSent.get(corpus);
        boolean training = progress.getState() == TrainingState.TRAINING;
        return training || sent == null || sent.differsFrom(progress);
    }

    /** Publishes live progress of one corpus. */
    void publish(int partition, String corpus, TrainingProgress progress, long nanos) {
        paused = false;
        Sent sending = new Sent(nanos, progress);
        lastSent.put(corpus, sending);
        try {
            byte[] value = serializer.serialize(topic, progress);
            Future<RecordMetadata> unused = producer.send(
                    new ProducerRecord<>(topic, partition, corpus.getBytes(StandardCharsets.UTF_8), value),
                    (metadata, failure) -> {
                        if (failure != null) {
                            notSent(corpus, sending, failure);
                        }
                    });
        } catch (RuntimeException e) {
            notSent(corpus, sending, e);
        }
    }

    /** It did not arrive, so it is due again. Called by the producer's thread too. */
    private void notSent(String corpus, Sent sending, Exception failure) {
        lastSent.remove(corpus, sending);
        pausedAt = System.nanoTime();
        paused = true;
        log.atWarn()
                .addKeyValue("corpus", corpus)
                .addKeyValue("error", failure.toString())
                .log("Live progress could not be published; retrying");
    }

    /** Forgets a corpus that is no longer owned. */
    void forget(String corpus) {
        lastSent.remove(corpus);
    }

    @Override
    public void close() {
        producer.close(CLOSE_TIMEOUT);
    }

    private record Sent(long nanos, TrainingProgress progress) {

        boolean differsFrom(TrainingProgress other) {
            return progress.getState() != other.getState()
                    || !Objects.equals(progress.getMessage(), other.getMessage())
                    || progress.getKnownTokens() != other.getKnownTokens()
                    || progress.getStep() != other.getStep();
        }
    }
}
