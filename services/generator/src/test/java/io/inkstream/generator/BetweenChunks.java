package io.inkstream.generator;

import io.inkstream.platform.config.Connection;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Makes something happen while a checkpoint is read: its consumers get one chunk at a time, and after the first one they
 * wait until that has happened. It comes into the clients by their
 * Kafka properties, which producers have too.
 */
public final class BetweenChunks implements ConsumerInterceptor<Object, Object>, ProducerInterceptor<Object, Object> {

    private static final AtomicReference<Happening> NEXT = new AtomicReference<>();

    /** What is to happen. */
    interface Happening {
        void happen() throws Exception;
    }

    /** A connection that lets it in. */
    static Connection into(Connection connection) {
        return new Connection(
                connection.bootstrapServers(),
                connection.schemaRegistryUrl(),
                connection.serdeClass(),
                Map.of(
                        "interceptor.classes", BetweenChunks.class.getName(),
                        "max.poll.records", "1",
                        "max.partition.fetch.bytes", "1"));
    }

    /**
     * Once, after the first record that is read from a topic of checkpoints from now on.
     *
     * @return true as soon as it has happened
     */
    static AtomicBoolean once(Happening happening) {
        AtomicBoolean happened = new AtomicBoolean();
        NEXT.set(() -> {
            happening.happen();
            happened.set(true);
        });
        return happened;
    }

    @Override
    public ConsumerRecords<Object, Object> onConsume(ConsumerRecords<Object, Object> records) {
        if (records.partitions().stream()
                .anyMatch(partition -> partition.topic().endsWith(".checkpoints"))) {
            Happening happening = NEXT.getAndSet(null);
            if (happening != null) {
                try {
                    happening.happen();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
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
}
