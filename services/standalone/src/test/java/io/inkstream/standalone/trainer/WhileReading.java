package io.inkstream.standalone.trainer;

import io.inkstream.platform.config.Connection;
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
 * Makes something happen while a topic is read, on the thread that reads it. It comes into the clients by their Kafka
 * properties, which producers have too.
 */
public final class WhileReading implements ConsumerInterceptor<Object, Object>, ProducerInterceptor<Object, Object> {

    private static final AtomicReference<Event> NEXT = new AtomicReference<>();

    /** A connection that lets it in. */
    static Connection into(Connection connection) {
        return new Connection(
                connection.bootstrapServers(),
                connection.schemaRegistryUrl(),
                connection.serdeClass(),
                Map.of("interceptor.classes", WhileReading.class.getName()));
    }

    /**
     * Once, when records of such a topic are read for the given time from now on, 1 for the first.
     *
     * @return what became of it, once it has happened
     */
    static CompletableFuture<Void> once(String topic, int time, Runnable event) {
        CompletableFuture<Void> outcome = new CompletableFuture<>();
        NEXT.set(new Event(topic, time, event, outcome));
        return outcome;
    }

    @Override
    public ConsumerRecords<Object, Object> onConsume(ConsumerRecords<Object, Object> records) {
        Event event = NEXT.get();
        if (event != null
                && records.partitions().stream()
                        .anyMatch(partition -> partition.topic().equals(event.topic()))
                && NEXT.compareAndSet(event, event.later())
                && event.time() == 1) {
            try {
                event.work().run();
                event.outcome().complete(null);
            } catch (RuntimeException e) {
                event.outcome().completeExceptionally(e);
            }
        }
        return records;
    }

    @Override
    public ProducerRecord<Object, Object> onSend(ProducerRecord<Object, Object> record) {
        return record;
    }

    @Override
    public void onAcknowledgement(RecordMetadata metadata, Exception exception) {}

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
    }
}
