package io.inkstream.platform.checkpoints;

import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.topics.Topic;
import io.inkstream.platform.topics.TopicNames;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/** Writes a checkpoint in pieces that fit into records. The caller's transaction is around them. */
public final class CheckpointChunks {

    /** Largest chunk, in bytes: below the 1 MB that brokers take by default. */
    private static final int CHUNK_BYTES = 900_000;

    private CheckpointChunks() {}

    /**
     * Sends the chunks, in order.
     *
     * @param partition of the checkpoints topic
     * @param slot of the ring
     * @param file the checkpoint file
     * @return what will become of them
     */
    public static List<Future<RecordMetadata>> send(
            Producer<byte[], byte[]> producer, TopicNames topics, int partition, String corpus, int slot, byte[] file) {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (int from = 0; from < file.length; from += CHUNK_BYTES) {
            sent.add(producer.send(new ProducerRecord<>(
                    topics.of(Topic.CHECKPOINTS),
                    partition,
                    new ChunkKey(corpus, slot, sent.size()).bytes(),
                    Arrays.copyOfRange(file, from, Math.min(file.length, from + CHUNK_BYTES)))));
        }
        return sent;
    }

    /**
     * Waits for the chunks.
     *
     * @return their offsets, for the manifest
     * @throws KafkaException if one could not be sent
     */
    public static List<Long> offsets(List<Future<RecordMetadata>> sent) {
        return sent.stream().map(CheckpointChunks::offset).toList();
    }

    private static long offset(Future<RecordMetadata> sent) {
        try {
            return sent.get().offset();
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause
                    ? cause
                    : new InkstreamException("A checkpoint's chunk could not be sent.", e.getCause());
        }
    }
}
