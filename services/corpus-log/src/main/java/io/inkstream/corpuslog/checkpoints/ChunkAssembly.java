package io.inkstream.corpuslog.checkpoints;

import io.inkstream.languagemodel.checkpoint.Sha256;
import io.inkstream.schemas.CheckpointManifest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes the chunks of one checkpoint, one after another, and holds them against its manifest; none of them is kept. */
final class ChunkAssembly {

    private final String topic;
    private final String corpus;
    private final CheckpointManifest manifest;
    private final Sha256 digest = new Sha256();
    private int chunks;
    private long bytes;

    /**
     * An assembly without a chunk yet.
     *
     * @throws CheckpointUnreadableException if the manifest promises what cannot be
     */
    ChunkAssembly(String topic, String corpus, CheckpointManifest manifest) {
        this.topic = topic;
        this.corpus = corpus;
        this.manifest = manifest;
        if (manifest.getBytes() < 1
                || manifest.getBytes()
                        > (long) CheckpointChunks.CHUNK_BYTES
                                * manifest.getChunkOffsets().size()) {
            throw new CheckpointUnreadableException(
                    "The manifest of checkpoint %s of corpus '%s' promises %d bytes in %d chunks of topic %s: there is no such checkpoint"
                            .formatted(
                                    manifest.getSha256(),
                                    corpus,
                                    manifest.getBytes(),
                                    manifest.getChunkOffsets().size(),
                                    topic));
        }
    }

    /** True when every chunk is there. */
    boolean complete() {
        return chunks == manifest.getChunkOffsets().size();
    }

    /** Key of the chunk that is next. */
    ChunkKey nextKey() {
        return new ChunkKey(corpus, manifest.getSlot(), chunks);
    }

    /** Offset of the chunk that is next. */
    long nextOffset() {
        return manifest.getChunkOffsets().get(chunks);
    }

    /**
     * Takes the next chunk.
     *
     * @throws CheckpointUnreadableException if key or size are not what the manifest says
     */
    void add(byte[] key, byte[] value) {
        if (key == null || !Arrays.equals(key, nextKey().bytes())) {
            throw unreadable("its key is '%s'".formatted(key == null ? "" : new String(key, StandardCharsets.UTF_8)));
        }
        if (value == null) {
            throw unreadable("it is a tombstone");
        }
        if (bytes + value.length > manifest.getBytes()) {
            throw unreadable(
                    "with it the checkpoint has more than the %d bytes of its manifest".formatted(manifest.getBytes()));
        }
        digest.update(value, 0, value.length);
        chunks++;
        bytes += value.length;
    }

    /**
     * Checks the whole checkpoint, once it is {@link #complete}.
     *
     * @throws CheckpointUnreadableException if its size or its SHA-256 are not what the manifest says
     */
    void verify() {
        if (bytes != manifest.getBytes()) {
            throw unreadableWhole("it has %d bytes and its manifest says %d".formatted(bytes, manifest.getBytes()));
        }
        String sha256 = digest.hex();
        if (!sha256.equals(manifest.getSha256())) {
            throw unreadableWhole("its SHA-256 is %s".formatted(sha256));
        }
    }

    /** The problem with the next chunk, as a sentence with topic, partition, offset and key. */
    CheckpointUnreadableException unreadable(String problem) {
        return new CheckpointUnreadableException(sentence(problem));
    }

    /** The same, when the topic may not be to blame. */
    CheckpointUnreadableException unreadable(String problem, boolean lasting, @Nullable Throwable cause) {
        return new CheckpointUnreadableException(sentence(problem), lasting, cause);
    }

    private String sentence(String problem) {
        return "Checkpoint %s of corpus '%s' cannot be read: the chunk with key %s at offset %d of %s-%d is not there whole: %s"
                .formatted(
                        manifest.getSha256(),
                        corpus,
                        nextKey(),
                        nextOffset(),
                        topic,
                        manifest.getCheckpointPartition(),
                        problem);
    }

    private CheckpointUnreadableException unreadableWhole(String problem) {
        List<Long> offsets = manifest.getChunkOffsets();
        return new CheckpointUnreadableException(
                "Checkpoint %s of corpus '%s' in the chunks with keys %s/%d/0 to %d at offsets %d to %d of %s-%d is damaged: %s"
                        .formatted(
                                manifest.getSha256(),
                                corpus,
                                corpus,
                                manifest.getSlot(),
                                offsets.size() - 1,
                                offsets.get(0),
                                offsets.get(offsets.size() - 1),
                                topic,
                                manifest.getCheckpointPartition(),
                                problem));
    }
}
