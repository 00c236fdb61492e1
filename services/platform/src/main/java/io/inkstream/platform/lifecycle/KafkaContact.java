package io.inkstream.platform.lifecycle;

import io.inkstream.platform.config.Connection;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/**
 * Whether Kafka still answers a service's consumers, by their own metrics: a working consumer receives a response every
 * few seconds at least, to its heartbeats if to nothing else. The metrics are read when {@link #problem} is called, so it
 * must be called every now and then. Safe for use by several threads.
 */
public final class KafkaContact {

    /** How long there may be neither a connection nor a response: longer than a consumer needs to connect again. */
    static final Duration DISCONNECTED = Duration.ofSeconds(2);

    /** How long a broker that keeps its connections may send nothing: longer than the interval of heartbeats. */
    static final Duration SILENT = Duration.ofSeconds(15);

    private static final String GROUP = "consumer-metrics";
    private static final String CONNECTIONS = "connection-count";
    private static final String RESPONSES = "response-total";

    private final String bootstrapServers;
    private final LongSupplier nanos;
    private final List<Supplier<? extends Map<MetricName, ? extends Metric>>> clients = new CopyOnWriteArrayList<>();
    private Map<MetricName, Double> answers = Map.of();
    private long answeredAt;
    private boolean lost;

    /** A contact with the brokers of this connection that watches no clients yet. */
    public KafkaContact(Connection connection) {
        this(connection.bootstrapServers(), System::nanoTime);
    }

    KafkaContact(String bootstrapServers, LongSupplier nanos) {
        this.bootstrapServers = bootstrapServers;
        this.nanos = nanos;
        this.answeredAt = nanos.getAsLong();
    }

    /** Reads this client's metrics too: those of a consumer, or of Kafka Streams. A closed client has none. */
    public void watch(Supplier<? extends Map<MetricName, ? extends Metric>> metrics) {
        clients.add(metrics);
    }

    /** What is wrong at this moment, as a sentence without its full stop; empty while Kafka answers any of the clients. */
    public synchronized Optional<String> problem() {
        long now = nanos.getAsLong();
        Map<MetricName, Double> counted = new HashMap<>();
        double connections = 0;
        for (Supplier<? extends Map<MetricName, ? extends Metric>> client : clients) {
            for (Map.Entry<MetricName, ? extends Metric> metric : client.get().entrySet()) {
                MetricName name = metric.getKey();
                if (name.group().equals(GROUP) && metric.getValue().metricValue() instanceof Double value) {
                    if (name.name().equals(RESPONSES)) {
                        counted.put(name, value);
                    } else if (name.name().equals(CONNECTIONS)) {
                        connections += value;
                    }
                }
            }
        }
        boolean answered = counted.entrySet().stream()
                .anyMatch(count -> count.getValue() > answers.getOrDefault(count.getKey(), 0.0));
        if (answered || (counted.isEmpty() && !lost)) {
            answeredAt = now;
            lost = false;
        }
        answers = counted;
        Duration silence = Duration.ofNanos(now - answeredAt);
        // While contact is lost, connections come and go: only a response ends that.
        lost |= silence.compareTo(connections == 0 ? DISCONNECTED : SILENT) >= 0;
        return lost
                ? Optional.of("Kafka at %s has been unavailable for %d s; retrying"
                        .formatted(bootstrapServers, silence.toSeconds()))
                : Optional.empty();
    }
}
