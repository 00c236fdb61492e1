package io.inkstream.corpuslog.checkpoints;

import java.io.InputStream;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The bytes of a checkpoint, chunk by chunk: one of them is in memory at a time. */
final class ChunkStream extends InputStream {

    private final ChunkAssembly assembly;
    private final Supplier<ConsumerRecord<byte[], byte[]>> chunks;
    private byte[] chunk = new byte[0];
    private int at;

    /**
     * A stream that has not begun.
     *
     * @param assembly checks each chunk
     * @param chunks the chunk that the assembly expects next
     */
    ChunkStream(ChunkAssembly assembly, Supplier<ConsumerRecord<byte[], byte[]>> chunks) {
        this.assembly = assembly;
        this.chunks = chunks;
    }

    @Override
    public int read() {
        return hasMore() ? chunk[at++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        if (!hasMore()) {
            return -1;
        }
        int part = Math.min(length, chunk.length - at);
        System.arraycopy(chunk, at, into, offset, part);
        at += part;
        return part;
    }

    /**
     * Reads what is left, and checks the whole.
     *
     * @throws CheckpointUnreadableException if it is not what its manifest says
     */
    void verifyToTheEnd() {
        while (!assembly.complete()) {
            nextChunk();
        }
        assembly.verify();
    }

    private boolean hasMore() {
        while (at == chunk.length) {
            if (assembly.complete()) {
                return false;
            }
            nextChunk();
        }
        return true;
    }

    private void nextChunk() {
        ConsumerRecord<byte[], byte[]> next = chunks.get();
        assembly.add(next.key(), next.value());
        chunk = next.value();
        at = 0;
    }
}
