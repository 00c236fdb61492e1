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
 * Publishes glances at training under way: while it trains about twice a second, else when something changed. They are
 * sent at once, outside of any transaction, and nothing waits for them. No fence stops them, so their publisher has to be sure
 * that it owns the corpus, and what cannot be sent soon is not sent later.
 */
final class LiveProgress implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(LiveProgress.class);
    private static final long INTERVAL_NANOS = Duration.ofMillis(500).toNanos();
    private static final long QUIET_NANOS = Duration.ofSeconds(2).toNanos();
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(2);

    private final String topic;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Serializer<TrainingProgress> serializer;
    private final Map<String, Sent> lastSent = new ConcurrentHashMap<>();
    private volatile boolean quiet;
    private volatile long quietSince;

    LiveProgress(Connection connection, String topic) {
        this.topic = topic;
        this.serializer = RecordSerdes.<TrainingProgress>values(connection).serializer();
        Map<String, Object> properties = connection.clientProperties();
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 1_000); // a glance is not worth a wait
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 2_000);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 2_000); // another may own the corpus later
        this.producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** True when it is time to glance at a corpus that trains. */
    boolean due(String corpus, long nanos) {
        Sent sent = lastSent.get(corpus);
        return sent == null || nanos - sent.nanos() >= INTERVAL_NANOS;
    }

    /**
     * True when a glance is worth publishing: a state of rest is published until it has arrived once. After a failure nothing
     * is sent for a moment, so that training is not held up time and again by a broker that does not answer.
     */
    boolean isNews(String corpus, TrainingProgress glance, long nanos) {
        if (quiet && nanos - quietSince < QUIET_NANOS) {
            return false;
        }
        Sent sent = lastSent.get(corpus);
        boolean resting = glance.getState() != TrainingState.TRAINING;
        return !resting || sent == null || !sent.says(glance);
    }

    /** Publishes a glance at one corpus. */
    void publish(int partition, String corpus, TrainingProgress glance, long nanos) {
        quiet = false;
        Sent sending = new Sent(nanos, glance);
        lastSent.put(corpus, sending);
        try {
            byte[] value = serializer.serialize(topic, glance);
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

    /** It was not said after all: it is said again. Called by the producer's thread too. */
    private void notSent(String corpus, Sent sending, Exception failure) {
        lastSent.remove(corpus, sending);
        quietSince = System.nanoTime();
        quiet = true;
        log.atWarn()
                .addKeyValue("corpus", corpus)
                .addKeyValue("reason", failure.toString())
                .log("How training goes could not be published; it will be tried again");
    }

    /** Forgets a corpus that is no longer owned. */
    void forget(String corpus) {
        lastSent.remove(corpus);
    }

    @Override
    public void close() {
        producer.close(CLOSE_PATIENCE);
    }

    private record Sent(long nanos, TrainingProgress glance) {

        boolean says(TrainingProgress other) {
            return glance.getState() == other.getState()
                    && Objects.equals(glance.getMessage(), other.getMessage())
                    && glance.getKnownTokens() == other.getKnownTokens()
                    && glance.getStep() == other.getStep();
        }
    }
}
