package io.inkstream.trainer;

import io.inkstream.platform.config.Connection;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Makes something happen while a topic is read or written, on the thread that does so. It comes into the clients by their
 * Kafka properties.
 */
public final class Meanwhile implements ConsumerInterceptor<Object, Object>, ProducerInterceptor<Object, Object> {

    private static final AtomicReference<Event> READ = new AtomicReference<>();
    private static final AtomicReference<Event> WRITTEN = new AtomicReference<>();
    private static final AtomicReference<Event> ACKNOWLEDGED = new AtomicReference<>();

    /** A connection that lets it in. */
    static Connection into(Connection connection) {
        return new Connection(
                connection.bootstrapServers(),
                connection.schemaRegistryUrl(),
                connection.serdeClass(),
                Map.of("interceptor.classes", Meanwhile.class.getName()));
    }

    /**
     * The same, where a transaction's last records are sent with its commit, and not before its offsets, and where each request
     * is waited for at most so long.
     */
    static Connection into(Connection connection, Duration patience) {
        return new Connection(
                connection.bootstrapServers(),
                connection.schemaRegistryUrl(),
                connection.serdeClass(),
                Map.of(
                        "interceptor.classes", Meanwhile.class.getName(),
                        "linger.ms", "500",
                        "max.block.ms", String.valueOf(patience.toMillis())));
    }

    /**
     * Once, when records of a topic are read for the given time from now on, 1 for the first.
     *
     * @return what became of it, once it has happened
     */
    static CompletableFuture<Void> onceRead(String topic, int time, Runnable work) {
        return once(READ, topic, time, work);
    }

    /** Once, before the first record is written to a topic from now on. */
    static CompletableFuture<Void> onceWritten(String topic, Runnable work) {
        return once(WRITTEN, topic, 1, work);
    }

    /**
     * Once, when a record of a topic was taken by the broker for the given time from now on. What the producer has to send
     * next, the commit of a transaction for instance, waits for it.
     */
    static CompletableFuture<Void> onceAcknowledged(String topic, int time, Runnable work) {
        return once(ACKNOWLEDGED, topic, time, work);
    }

    private static CompletableFuture<Void> once(AtomicReference<Event> events, String topic, int time, Runnable work) {
        CompletableFuture<Void> outcome = new CompletableFuture<>();
        events.set(new Event(topic, time, work, outcome));
        return outcome;
    }

    @Override
    public ConsumerRecords<Object, Object> onConsume(ConsumerRecords<Object, Object> records) {
        records.partitions().stream().map(TopicPartition::topic).distinct().forEach(topic -> seen(READ, topic));
        return records;
    }

    @Override
    public ProducerRecord<Object, Object> onSend(ProducerRecord<Object, Object> record) {
        seen(WRITTEN, record.topic());
        return record;
    }

    private static void seen(AtomicReference<Event> events, String topic) {
        Event event = events.get();
        if (event != null && event.topic().equals(topic) && events.compareAndSet(event, event.later())) {
            event.happen();
        }
    }

    @Override
    public void onAcknowledgement(RecordMetadata metadata, Exception exception) {
        if (exception == null) {
            seen(ACKNOWLEDGED, metadata.topic());
        }
    }

    @Override
    public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

    @Override
    public void configure(Map<String, ?> properties) {}

    @Override
    public void close() {}

    private record Event(String topic, int time, Runnable work, CompletableFuture<Void> outcome) {

        Event later() {
            return time == 1 ? null : new Event(topic, time - 1, work, outcome);
        }

        void happen() {
            if (time > 1) {
                return;
            }
            try {
                work.run();
                outcome.complete(null);
            } catch (RuntimeException e) {
                outcome.completeExceptionally(e);
            }
        }
    }
}
