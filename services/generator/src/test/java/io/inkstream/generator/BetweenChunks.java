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
 * Runs an action while a checkpoint is read: consumers get one chunk at a time, and wait after the first one until the
 * action is done. It is configured as an interceptor by the Kafka properties, which producers share.
 */
public final class BetweenChunks implements ConsumerInterceptor<Object, Object>, ProducerInterceptor<Object, Object> {

    private static final AtomicReference<Happening> NEXT = new AtomicReference<>();

    /** The action. */
    interface Happening {
        void happen() throws Exception;
    }

    /** A connection with this interceptor. */
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
     * Runs an action once, after the next record that is read from a checkpoint topic.
     *
     * @return true as soon as it is done
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
