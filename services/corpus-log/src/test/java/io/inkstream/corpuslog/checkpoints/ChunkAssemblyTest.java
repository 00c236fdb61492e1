package io.inkstream.corpuslog.checkpoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.NormalizerKind;
import io.inkstream.schemas.SourceRange;
import io.inkstream.schemas.TokenizerKind;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChunkAssemblyTest {

    /** SHA-256 of "hello world". */
    private static final String SHA256 = "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9";

    @Test
    void chunksInOrderBecomeTheCheckpoint() {
        // Given
        ChunkAssembly assembly = new ChunkAssembly("ink.checkpoints", "a/b", manifest(SHA256, 11, 7L, 9L));

        // When
        assertThat(assembly.nextOffset()).isEqualTo(7);
        assembly.add(bytes("a/b/2/0"), bytes("hello "));
        assertThat(assembly.nextOffset()).isEqualTo(9);
        assembly.add(bytes("a/b/2/1"), bytes("world"));

        // Then
        assertThat(assembly.complete()).isTrue();
        assembly.verify();
    }

    @Test
    void aChunkUnderAnotherKeyIsNotTaken() {
        // Given
        ChunkAssembly assembly = new ChunkAssembly("ink.checkpoints", "wells", manifest(SHA256, 11, 7L, 9L));

        // When / Then
        assertThatThrownBy(() -> assembly.add(bytes("wells/1/0"), bytes("hello ")))
                .isInstanceOf(CheckpointUnreadableException.class)
                .hasMessageContaining("wells/2/0")
                .hasMessageContaining("offset 7 of ink.checkpoints-3")
                .hasMessageContaining("its key is 'wells/1/0'");
    }

    @Test
    void aTombstoneIsNotTaken() {
        // Given
        ChunkAssembly assembly = new ChunkAssembly("ink.checkpoints", "wells", manifest(SHA256, 11, 7L, 9L));

        // When / Then
        assertThatThrownBy(() -> assembly.add(bytes("wells/2/0"), null))
                .isInstanceOf(CheckpointUnreadableException.class)
                .hasMessageContaining("tombstone");
    }

    @Test
    void anotherSizeIsNoticed() {
        // Given
        ChunkAssembly shorter = new ChunkAssembly("ink.checkpoints", "wells", manifest(SHA256, 12, 7L));
        ChunkAssembly longer = new ChunkAssembly("ink.checkpoints", "wells", manifest(SHA256, 10, 7L));

        // When
        shorter.add(bytes("wells/2/0"), bytes("hello world"));

        // Then
        assertThatThrownBy(shorter::verify).hasMessageContaining("11 bytes").hasMessageContaining("says 12");
        assertThatThrownBy(() -> longer.add(bytes("wells/2/0"), bytes("hello world")))
                .hasMessageContaining("more than the 10 bytes");
    }

    @Test
    void oneFlippedBitIsNoticed() {
        // Given
        ChunkAssembly assembly = new ChunkAssembly("ink.checkpoints", "wells", manifest(SHA256, 11, 7L, 9L));
        byte[] flipped = bytes("hello ");
        flipped[3] ^= 1;

        // When
        assembly.add(bytes("wells/2/0"), flipped);
        assembly.add(bytes("wells/2/1"), bytes("world"));

        // Then
        assertThatThrownBy(assembly::verify)
                .isInstanceOf(CheckpointUnreadableException.class)
                .hasMessageContaining("offsets 7 to 9 of ink.checkpoints-3")
                .hasMessageContaining("SHA-256");
    }

    @Test
    void aManifestThatPromisesMoreThanItsChunksHoldIsNoCheckpoint() {
        assertThatThrownBy(() -> new ChunkAssembly("ink.checkpoints", "wells", manifest(SHA256, 1_800_001, 7L, 9L)))
                .isInstanceOf(CheckpointUnreadableException.class)
                .hasMessageContaining("promises 1800001 bytes in 2 chunks");
    }

    @Test
    void aManifestWithoutChunksIsNoCheckpoint() {
        assertThatThrownBy(() -> new ChunkAssembly("ink.checkpoints", "wells", manifest(SHA256, 11)))
                .isInstanceOf(CheckpointUnreadableException.class)
                .hasMessageContaining("0 chunks");
    }

    private static CheckpointManifest manifest(String sha256, long bytes, Long... offsets) {
        return CheckpointManifest.newBuilder()
                .setSha256(sha256)
                .setWeightsSha256("")
                .setBytes(bytes)
                .setSlot(2)
                .setCheckpointPartition(3)
                .setChunkOffsets(List.of(offsets))
                .setStep(1)
                .setEpoch(1)
                .setTokensTrained(1)
                .setFinished(false)
                .setVocabularySize(1)
                .setSpec(new CorpusSpec(TokenizerKind.CHARACTERS, NormalizerKind.LETTERS, false, List.of(), null))
                .setDevice("cpu")
                .setThreads(1)
                .setSource(new SourceRange(0L, 1L, 0, 0L, 0L, 0, 0L, 0L))
                .setCreatedAt(Instant.EPOCH)
                .build();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
