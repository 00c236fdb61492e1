package io.inkstream.platform.checkpoints;

import io.inkstream.schemas.CheckpointManifest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Puts the chunks of one checkpoint together and holds them against its manifest. */
final class ChunkAssembly {

    private final String topic;
    private final String corpus;
    private final CheckpointManifest manifest;
    private final List<byte[]> chunks = new ArrayList<>();
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
        if (manifest.getChunkOffsets().isEmpty()
                || manifest.getBytes() < 1
                || manifest.getBytes() > Integer.MAX_VALUE - 8) {
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
        return chunks.size() == manifest.getChunkOffsets().size();
    }

    /** Key of the chunk that is next. */
    ChunkKey nextKey() {
        return new ChunkKey(corpus, manifest.getSlot(), chunks.size());
    }

    /** Offset of the chunk that is next. */
    long nextOffset() {
        return manifest.getChunkOffsets().get(chunks.size());
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
        chunks.add(value);
        bytes += value.length;
    }

    /**
     * The whole checkpoint.
     *
     * @throws CheckpointUnreadableException if its size or its SHA-256 are not what the manifest says
     */
    byte[] verified() {
        if (bytes != manifest.getBytes()) {
            throw unreadableWhole("it has %d bytes and its manifest says %d".formatted(bytes, manifest.getBytes()));
        }
        byte[] whole = new byte[(int) bytes];
        int at = 0;
        for (byte[] chunk : chunks) {
            System.arraycopy(chunk, 0, whole, at, chunk.length);
            at += chunk.length;
        }
        String sha256 = sha256(whole);
        if (!sha256.equals(manifest.getSha256())) {
            throw unreadableWhole("its SHA-256 is %s".formatted(sha256));
        }
        return whole;
    }

    /** The problem with the next chunk, as a sentence with topic, partition, offset and key. */
    CheckpointUnreadableException unreadable(String problem) {
        return new CheckpointUnreadableException(sentence(problem));
    }

    /** The same, when the topic may not be to blame. */
    CheckpointUnreadableException unreadable(String problem, boolean lasting, Throwable cause) {
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

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
