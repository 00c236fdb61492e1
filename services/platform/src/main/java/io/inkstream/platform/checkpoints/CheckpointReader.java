package io.inkstream.platform.checkpoints;

import io.inkstream.platform.config.CommittedReads;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.topics.Topic;
import io.inkstream.platform.topics.TopicNames;
import io.inkstream.schemas.CheckpointManifest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads committed checkpoints from the checkpoints topic, as bytes that are verified against their manifest. It seeks
 * to each chunk, so what else lies in the partition costs nothing. Safe for use by several threads: each call has a
 * consumer of its own, without a group.
 */
public final class CheckpointReader {

    /** How long a chunk may take to appear: a manifest can be seen a moment before the chunks of its transaction. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Duration POLL = Duration.ofMillis(250);

    private final Connection connection;
    private final String topic;
    private final Duration patience;

    /** A reader of the checkpoints topic of these names. */
    public CheckpointReader(Connection connection, TopicNames topics) {
        this(connection, topics, PATIENCE);
    }

    /** The same, which waits at most so long for each chunk. */
    public CheckpointReader(Connection connection, TopicNames topics, Duration patience) {
        this.connection = connection;
        this.topic = topics.of(Topic.CHECKPOINTS);
        this.patience = patience;
    }

    /**
     * Reads one checkpoint.
     *
     * @param corpus the key of the manifest's record
     * @param manifest where the chunks are, and what they must hash to
     * @return the checkpoint file, whole: its size and SHA-256 are the manifest's
     * @throws CheckpointUnreadableException if a chunk is missing (compacted away, never committed, or not there in
     *     time), has another key, or the whole has another size or hash
     * @throws InterruptException if the thread is interrupted
     */
    public byte[] read(String corpus, CheckpointManifest manifest) {
        ChunkAssembly assembly = new ChunkAssembly(topic, corpus, manifest);
        TopicPartition partition = new TopicPartition(topic, manifest.getCheckpointPartition());
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(properties())) {
            consumer.assign(List.of(partition));
            Queue<ConsumerRecord<byte[], byte[]>> polled = new ArrayDeque<>();
            while (!assembly.complete()) {
                ConsumerRecord<byte[], byte[]> chunk = next(consumer, partition, assembly, polled);
                assembly.add(chunk.key(), chunk.value());
            }
        } catch (InterruptException e) {
            throw e;
        } catch (InvalidOffsetException e) {
            throw assembly.unreadable("there is no such offset any more", true, e);
        } catch (KafkaException e) {
            throw assembly.unreadable("Kafka says %s".formatted(e), false, e);
        }
        return assembly.verified();
    }

    private ConsumerRecord<byte[], byte[]> next(
            KafkaConsumer<byte[], byte[]> consumer,
            TopicPartition partition,
            ChunkAssembly assembly,
            Queue<ConsumerRecord<byte[], byte[]>> polled) {
        long offset = assembly.nextOffset();
        ConsumerRecord<byte[], byte[]> record = polled.poll();
        if (record != null && record.offset() == offset) {
            return record;
        }
        polled.clear();
        consumer.seek(partition, offset);
        long deadline = System.nanoTime() + patience.toNanos();
        while (polled.isEmpty()) {
            consumer.poll(POLL).records(partition).forEach(polled::add);
            // The position also moves past records that were rolled back or compacted away.
            if (polled.isEmpty() && consumer.position(partition) > offset) {
                throw assembly.unreadable("nothing committed is left at this offset");
            }
            if (polled.isEmpty() && System.nanoTime() > deadline) {
                boolean ends = consumer.endOffsets(List.of(partition)).get(partition) <= offset;
                throw assembly.unreadable(
                        ends
                                ? "the partition ends before it"
                                : "it was not there within %d s".formatted(patience.toSeconds()),
                        ends,
                        null);
            }
        }
        record = polled.remove();
        if (record.offset() != offset) {
            throw assembly.unreadable("nothing committed is left at this offset, and the next record is at %d"
                    .formatted(record.offset()));
        }
        return record;
    }

    private Map<String, Object> properties() {
        Map<String, Object> properties = CommittedReads.bounded(connection);
        properties.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        properties.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        // An offset that is out of range is a missing chunk: never read from somewhere else instead.
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        return properties;
    }
}
