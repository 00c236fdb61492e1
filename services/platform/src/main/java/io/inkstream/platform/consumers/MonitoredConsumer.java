package io.inkstream.platform.consumers;

import io.inkstream.platform.observability.KafkaMeters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A consumer whose metrics are among a service's meters until it is closed. */
final class MonitoredConsumer extends KafkaConsumer<byte[], byte[]> {

    private final KafkaClientMetrics metrics;

    MonitoredConsumer(Map<String, Object> properties, MeterRegistry meters) {
        super(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.metrics = KafkaMeters.bind(meters, this);
    }

    @Override
    public void close() {
        metrics.close();
        super.close();
    }

    @Override
    @Deprecated
    public void close(Duration timeout) {
        metrics.close();
        super.close(timeout);
    }

    @Override
    public void close(CloseOptions options) {
        metrics.close();
        super.close(options);
    }
}
