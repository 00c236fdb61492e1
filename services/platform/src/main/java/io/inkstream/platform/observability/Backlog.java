package io.inkstream.platform.observability;

import io.inkstream.platform.cluster.EndOffsets;
import io.inkstream.platform.config.Connection;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A gauge of what waits in the partitions that a service owns, with the tag {@code partition}: the offsets between what the
 * service has read and the last stable offset, and the records that it has read and not finished.
 *
 * <p>It is 0 when nothing is left to do, whatever transactions have left on the topic. The consumer lag that brokers and other
 * tools report is not: it compares the group's committed offset with the end, and a commit marker after the last record
 * leaves a lag of 1 for ever. Here the position comes from the service, whose consumer has moved past the markers.
 *
 * <p>While something waits, it is an upper bound of the records, as markers and aborted records between them count too.
 * Records behind a transaction that is still open do not count, since nobody may read them yet. It is measured once a second
 * by a thread that waits for nothing else, so that it grows also while the service waits for something. While the brokers
 * do not answer, the last value stays.
 */
public final class Backlog implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Backlog.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final int TIMEOUT_MILLIS = 10_000;

    private final MeterRegistry meters;
    private final Name name;
    private final Supplier<Map<TopicPartition, PartitionProgress>> progress;
    private final Admin admin;
    private final ScheduledExecutorService thread;
    private final Map<TopicPartition, Value> values = new HashMap<>();
    private boolean failing;

    /**
     * The gauge's name.
     *
     * @param meter for instance {@code inkstream.ingest.backlog}
     * @param unit what is counted, for instance {@code records}
     * @param description one sentence
     */
    public record Name(String meter, String unit, String description) {}

    /** What waits in one partition. */
    private static final class Value {

        private final Gauge gauge;
        private volatile long waiting;

        Value(MeterRegistry meters, Name name, int partition, long waiting) {
            this.waiting = waiting;
            gauge = Gauge.builder(name.meter(), () -> this.waiting)
                    .description(name.description())
                    .baseUnit(name.unit())
                    .tag("partition", Integer.toString(partition))
                    .strongReference(true)
                    .register(meters);
        }
    }

    private Backlog(
            Connection connection,
            MeterRegistry meters,
            Name name,
            Supplier<Map<TopicPartition, PartitionProgress>> progress) {
        this.meters = meters;
        this.name = name;
        this.progress = progress;
        Map<String, Object> properties = connection.clientProperties();
        properties.put("default.api.timeout.ms", TIMEOUT_MILLIS);
        properties.put("request.timeout.ms", TIMEOUT_MILLIS);
        this.admin = Admin.create(properties);
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "backlog"));
    }

    /**
     * Starts to measure.
     *
     * @param progress how far the service is with each partition of one topic that it owns now; called by the thread that
     *     measures
     */
    public static Backlog measure(
            Connection connection,
            MeterRegistry meters,
            Name name,
            Supplier<Map<TopicPartition, PartitionProgress>> progress) {
        Backlog backlog = new Backlog(connection, meters, name, progress);
        // Handles its own failures.
        Object unused =
                backlog.thread.scheduleWithFixedDelay(backlog::update, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        return backlog;
    }

    /** Ends the thread, and removes the gauges. */
    @Override
    public void close() {
        thread.shutdownNow();
        admin.close(Duration.ZERO);
        try {
            if (!thread.awaitTermination(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)) {
                log.atWarn().addKeyValue("timeout", TIMEOUT_MILLIS).log("The backlog is still being measured");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        retain(Map.of());
    }

    private void update() {
        try {
            Map<TopicPartition, PartitionProgress> owned = progress.get();
            Map<TopicPartition, Long> ends = ends(owned);
            retain(owned);
            owned.forEach((partition, reached) -> set(partition, reached.waiting(ends.getOrDefault(partition, 0L))));
            failing = false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // it is being closed
        } catch (ExecutionException e) {
            failed(Objects.requireNonNullElse(e.getCause(), e));
        } catch (RuntimeException e) {
            failed(e);
        }
    }

    private Map<TopicPartition, Long> ends(Map<TopicPartition, PartitionProgress> owned)
            throws ExecutionException, InterruptedException {
        if (owned.isEmpty()) {
            return Map.of();
        }
        return EndOffsets.of(admin, owned.keySet(), IsolationLevel.READ_COMMITTED);
    }

    private void set(TopicPartition partition, long waiting) {
        Value known = values.get(partition);
        if (known == null) {
            values.put(partition, new Value(meters, name, partition.partition(), waiting));
        } else {
            known.waiting = waiting;
        }
    }

    private void retain(Map<TopicPartition, ?> owned) {
        values.entrySet().removeIf(entry -> {
            boolean gone = !owned.containsKey(entry.getKey());
            if (gone) {
                meters.remove(entry.getValue().gauge);
            }
            return gone;
        });
    }

    /** Logged once per outage: the service's health reports how long it lasts. */
    private void failed(Throwable e) {
        if (!failing && !thread.isShutdown()) {
            log.atWarn()
                    .addKeyValue("metric", name.meter())
                    .addKeyValue("error", e.toString())
                    .log("Retrying: backlog could not be measured");
        }
        failing = true;
    }
}
