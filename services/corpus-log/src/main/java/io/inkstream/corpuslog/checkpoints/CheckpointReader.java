package io.inkstream.corpuslog.checkpoints;

import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.consumers.BoundedRead;
import io.inkstream.platform.consumers.ConsumerFactory;
import io.inkstream.schemas.CheckpointManifest;
import java.io.IOException;
import java.io.UncheckedIOException;
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
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Reads committed checkpoints from the checkpoints topic and verifies them against their manifest. It seeks
 * to each chunk, so what else lies in the partition costs nothing. Safe for use by several threads: each call has a
 * consumer of its own, without a group.
 */
public final class CheckpointReader {

    private final Connection connection;
    private final String topic;

    /** Waits for a chunk, as a manifest can be seen a moment before the chunks of its transaction. */
    private final BoundedRead chunks;

    /** A reader of the checkpoints topic of these names. */
    public CheckpointReader(Connection connection, TopicNames topics) {
        this(connection, topics, BoundedRead.DEFAULT_TIMEOUT);
    }

    /** The same, which waits at most so long for each chunk. */
    public CheckpointReader(Connection connection, TopicNames topics, Duration timeout) {
        this.connection = connection;
        this.topic = topics.of(Topic.CHECKPOINTS);
        this.chunks = BoundedRead.IN_SERVICE.within(timeout);
    }

    /**
     * Reads one checkpoint into one array; as the other {@code read}.
     *
     * @return the checkpoint file, whole: its size and SHA-256 are the manifest's
     * @throws CheckpointUnreadableException also if it is larger than an array can be
     */
    public byte[] read(String corpus, CheckpointManifest manifest) {
        return read(corpus, manifest, (file, bytes) -> {
            if (bytes > Integer.MAX_VALUE - 8) {
                throw new CheckpointUnreadableException(
                        "Checkpoint %s of corpus '%s' has %d bytes, which no array holds"
                                .formatted(manifest.getSha256(), corpus, bytes));
            }
            byte[] whole = new byte[(int) bytes];
            file.readNBytes(whole, 0, whole.length);
            return whole;
        });
    }

    /**
     * Reads one checkpoint, chunk by chunk.
     *
     * @param corpus the key of the manifest's record
     * @param manifest where the chunks are, and what they must hash to
     * @param parser what is made of the file while it is read
     * @return what the parser made of it; size and SHA-256 of the file are the manifest's
     * @throws CheckpointUnreadableException if a chunk is missing (compacted away, never committed, or not there in
     *     time), has another key, or the whole has another size or hash, whatever the parser says of it
     * @throws InterruptException if the thread is interrupted
     * @throws RuntimeException if the file is not damaged, that of the parser
     */
    public <T> T read(String corpus, CheckpointManifest manifest, CheckpointParser<T> parser) {
        ChunkAssembly assembly = new ChunkAssembly(topic, corpus, manifest);
        TopicPartition partition = new TopicPartition(topic, manifest.getCheckpointPartition());
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            consumer.assign(List.of(partition));
            Queue<ConsumerRecord<byte[], byte[]>> polled = new ArrayDeque<>();
            return parsed(
                    new ChunkStream(assembly, () -> next(consumer, partition, assembly, polled)),
                    manifest.getBytes(),
                    parser);
        } catch (InterruptException e) {
            throw e;
        } catch (InvalidOffsetException e) {
            throw assembly.unreadable("there is no such offset any more", true, e);
        } catch (KafkaException e) {
            throw assembly.unreadable("Kafka says %s".formatted(e), false, e);
        }
    }

    /** What the parser returns or throws, once it is certain that the file is whole. */
    private static <T> T parsed(ChunkStream file, long bytes, CheckpointParser<T> parser) {
        T content;
        try {
            content = parser.parse(file, bytes);
        } catch (CheckpointUnreadableException | KafkaException e) {
            throw e;
        } catch (IOException e) {
            file.verifyToTheEnd();
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            file.verifyToTheEnd();
            throw e;
        }
        file.verifyToTheEnd();
        return content;
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
        try {
            chunks.poll(consumer, Map.of(partition, offset + 1))
                    .records(partition)
                    .forEach(polled::add);
        } catch (TimeoutException e) {
            throw notThere(consumer, partition, assembly);
        }
        record = polled.poll();
        if (record == null) {
            throw assembly.unreadable("nothing committed is left at this offset");
        }
        if (record.offset() != offset) {
            throw assembly.unreadable("nothing committed is left at this offset, and the next record is at %d"
                    .formatted(record.offset()));
        }
        return record;
    }

    /**
     * Why the next chunk has not come. Readers of committed records see a partition up to its last stable offset: one that lies
     * behind it may be whole, and is hidden as long as a transaction is open, whosever that is.
     */
    private CheckpointUnreadableException notThere(
            KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition, ChunkAssembly assembly) {
        long stable = endOffset(consumer, partition);
        if (stable > assembly.nextOffset()) {
            return assembly.unreadable(
                    "it was not there within %d s".formatted(chunks.timeout().toSeconds()), false, null);
        }
        if (end(partition) > assembly.nextOffset()) {
            return assembly.unreadable(
                    "a transaction that is open since offset %d hides it, until it ends or times out".formatted(stable),
                    false,
                    null);
        }
        return assembly.unreadable("the partition ends before it", true, null);
    }

    /** Where the partition ends, open transactions included. */
    private long end(TopicPartition partition) {
        try (KafkaConsumer<byte[], byte[]> consumer = ConsumerFactory.openBounded(
                connection, properties -> properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted"))) {
            return endOffset(consumer, partition);
        }
    }

    private static long endOffset(KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition) {
        return consumer.endOffsets(List.of(partition)).values().iterator().next();
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        // An offset that is out of range is a missing chunk: never read from somewhere else instead.
        return ConsumerFactory.openBounded(
                connection, properties -> properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none"));
    }
}
