package io.inkstream.platform.observability;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;

/** Adds the metrics of Kafka's own clients to a service's meters. Close what is returned before the client. */
public final class KafkaMeters {

    private KafkaMeters() {}

    /** Adds a consumer's metrics, as {@code kafka.consumer.*}. */
    public static KafkaClientMetrics bind(MeterRegistry meters, Consumer<?, ?> consumer) {
        return bound(meters, new KafkaClientMetrics(consumer));
    }

    /** Adds a producer's metrics, as {@code kafka.producer.*}. */
    public static KafkaClientMetrics bind(MeterRegistry meters, Producer<?, ?> producer) {
        return bound(meters, new KafkaClientMetrics(producer));
    }

    /** Adds an administrator's metrics, as {@code kafka.admin.client.*}. */
    public static KafkaClientMetrics bind(MeterRegistry meters, AdminClient admin) {
        return bound(meters, new KafkaClientMetrics(admin));
    }

    private static KafkaClientMetrics bound(MeterRegistry meters, KafkaClientMetrics metrics) {
        metrics.bindTo(meters);
        return metrics;
    }
}
