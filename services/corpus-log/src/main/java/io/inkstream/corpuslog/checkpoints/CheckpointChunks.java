package io.inkstream.corpuslog.checkpoints;

import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.languagemodel.checkpoint.Sha256;
import io.inkstream.platform.InkstreamException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Writes a checkpoint in pieces that fit into records, each as soon as it is there: only a few of them are in memory at a
 * time, and none waits for long in the producer. The caller's transaction is around them.
 */
public final class CheckpointChunks extends OutputStream {

    /** Largest chunk, in bytes: below the 1 MB that brokers take by default. */
    static final int CHUNK_BYTES = 900_000;

    /** Chunks on their way to the broker at a time: more than Kafka's client sends at once. */
    private static final int UNDER_WAY = 8;

    private final Producer<byte[], byte[]> producer;
    private final String topic;
    private final int partition;
    private final String corpus;
    private final int slot;
    private final Sha256 digest = new Sha256();
    private final Queue<Future<RecordMetadata>> underWay = new ArrayDeque<>();
    private final List<Long> offsets = new ArrayList<>();
    private byte[] chunk = new byte[CHUNK_BYTES];
    private int filled;
    private int sent;
    private long bytes;

    private CheckpointChunks(Producer<byte[], byte[]> producer, String topic, int partition, String corpus, int slot) {
        this.producer = producer;
        this.topic = topic;
        this.partition = partition;
        this.corpus = corpus;
        this.slot = slot;
    }

    /**
     * Sends the chunks, in order, and waits until the broker has them.
     *
     * @param partition of the checkpoints topic
     * @param slot of the ring
     * @param file the checkpoint file
     * @return what goes into the manifest
     * @throws KafkaException if one could not be sent
     * @throws IOException if the content throws it
     */
    public static SentChunks send(
            Producer<byte[], byte[]> producer,
            TopicNames topics,
            int partition,
            String corpus,
            int slot,
            CheckpointContent file)
            throws IOException {
        try (CheckpointChunks chunks =
                new CheckpointChunks(producer, topics.of(Topic.CHECKPOINTS), partition, corpus, slot)) {
            file.writeTo(chunks);
            return chunks.complete();
        }
    }

    @Override
    public void write(int value) {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) {
        for (int at = 0; at < length; ) {
            int part = Math.min(length - at, CHUNK_BYTES - filled);
            System.arraycopy(from, offset + at, chunk, filled, part);
            filled += part;
            at += part;
            if (filled == CHUNK_BYTES) {
                sendChunk();
            }
        }
    }

    private SentChunks complete() {
        if (filled > 0) {
            sendChunk();
        }
        while (!underWay.isEmpty()) {
            await(underWay.remove());
        }
        return new SentChunks(digest.hex(), bytes, partition, offsets);
    }

    private void sendChunk() {
        byte[] whole = filled == CHUNK_BYTES ? chunk : Arrays.copyOf(chunk, filled);
        digest.update(whole, 0, whole.length);
        if (underWay.size() == UNDER_WAY) {
            await(underWay.remove());
        }
        underWay.add(
                producer.send(new ProducerRecord<>(topic, partition, new ChunkKey(corpus, slot, sent).bytes(), whole)));
        sent++;
        bytes += filled;
        filled = 0;
        chunk = new byte[CHUNK_BYTES]; // the producer may keep the other one
    }

    private void await(Future<RecordMetadata> chunkSent) {
        try {
            offsets.add(chunkSent.get().offset());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause
                    ? cause
                    : new InkstreamException("A checkpoint's chunk could not be sent.", e.getCause());
        }
    }
}
