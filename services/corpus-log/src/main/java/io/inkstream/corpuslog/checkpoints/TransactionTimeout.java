package io.inkstream.corpuslog.checkpoints;

import io.inkstream.platform.config.Connection;
import java.time.Duration;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * How long a transaction may take before the broker rolls it back.
 *
 * @param millis as {@code transaction.timeout.ms} has it
 */
public record TransactionTimeout(int millis) {

    /** Unless {@code KAFKA_TRANSACTION_TIMEOUT_MS} says another. */
    private static final int DEFAULT_MILLIS = 30_000;

    /** What brokers allow by default, {@code transaction.max.timeout.ms}. */
    private static final int USUAL_LIMIT_MILLIS = 900_000;

    /** Bytes that a broker is expected to take in a millisecond, at the least: 1 MB a second. */
    private static final int BYTES_PER_MILLI = 1_000;

    public TransactionTimeout {
        if (millis < 1) {
            throw new IllegalArgumentException("A transaction cannot end within %d ms".formatted(millis));
        }
    }

    /** What a transaction may take at first. */
    public static TransactionTimeout configured(Connection connection) {
        String configured = connection.kafkaProperties().get(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG);
        return new TransactionTimeout(configured == null ? DEFAULT_MILLIS : Integer.parseInt(configured.strip()));
    }

    /** This, or as many times twice this as a checkpoint of so many bytes may take. */
    public TransactionTimeout forBytes(long bytes) {
        TransactionTimeout timeout = this;
        while (timeout.millis < bytes / BYTES_PER_MILLI && timeout.millis <= Integer.MAX_VALUE / 2) {
            timeout = timeout.longer();
        }
        return timeout;
    }

    /** Twice this. */
    public TransactionTimeout longer() {
        return new TransactionTimeout((int) Math.min(Integer.MAX_VALUE, 2L * millis));
    }

    /** The next to ask for when the broker does not allow this. */
    TransactionTimeout shorter() {
        return new TransactionTimeout(millis > USUAL_LIMIT_MILLIS ? USUAL_LIMIT_MILLIS : Math.max(1, millis / 2));
    }

    /** True when this is shorter than another. */
    public boolean isShorterThan(TransactionTimeout other) {
        return millis < other.millis;
    }

    /** True when something that took so long has outlasted it. */
    boolean isOver(Duration taken) {
        return taken.toMillis() >= millis;
    }

    /** In seconds, for instance {@code 30 s}. */
    @Override
    public String toString() {
        return millis % 1000 == 0 ? millis / 1000 + " s" : millis / 1e3 + " s";
    }
}
