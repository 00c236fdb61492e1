package io.inkstream.corpuslog.checkpoints;

import java.nio.charset.StandardCharsets;

/**
 * The key of one chunk of a checkpoint, written {@code corpus/slot/chunk}. Slots are used in turn, so compaction leaves
 * the newest checkpoint of each slot.
 *
 * @param corpus the corpus; may itself contain a slash
 * @param slot slot of the ring, from 0
 * @param chunk number of the chunk, from 0
 */
public record ChunkKey(String corpus, int slot, int chunk) {

    public ChunkKey {
        if (corpus.isEmpty() || slot < 0 || chunk < 0) {
            throw new IllegalArgumentException("Not a chunk's key: '%s'/%d/%d".formatted(corpus, slot, chunk));
        }
    }

    /** The record key: the UTF-8 bytes of {@link #toString()}. */
    public byte[] bytes() {
        return toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return corpus + "/" + slot + "/" + chunk;
    }
}
