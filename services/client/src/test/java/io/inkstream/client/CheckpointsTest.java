package io.inkstream.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.NormalizerKind;
import io.inkstream.schemas.TokenizerKind;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CheckpointsTest {

    @Test
    void ofACheckpointThatWasCommittedTwiceTheOneThatCanBeReadIsMeant() {
        // Given a training that was rolled back and repeated to the same bytes; the first time's slot was written again
        CheckpointManifest overwritten = manifest(1, 10, null);
        CheckpointManifest whole = manifest(5, 50, null);
        CheckpointManifest rollback = manifest(6, 50, "0123");

        // When
        Checkpoints checkpoints =
                new Checkpoints("wells", List.of(overwritten, whole, rollback), Set.of(Checkpoints.Chunks.of(whole)));

        // Then
        assertThat(checkpoints.named("abcd")).isEqualTo(whole);
        assertThat(checkpoints.isReadable(whole)).isTrue();
        assertThat(checkpoints.isReadable(rollback)).isTrue();
        assertThat(checkpoints.isReadable(overwritten)).isFalse();
    }

    private static CheckpointManifest manifest(long number, long offset, String rolledBackFrom) {
        return CheckpointManifest.newBuilder()
                .setSha256("abcdef")
                .setWeightsSha256("")
                .setNumber(number)
                .setRolledBackFrom(rolledBackFrom)
                .setBytes(1)
                .setSlot(1)
                .setCheckpointPartition(0)
                .setChunkOffsets(List.of(offset))
                .setStep(7)
                .setEpoch(1)
                .setTokensTrained(1)
                .setFinished(false)
                .setVocabularySize(1)
                .setSpec(new CorpusSpec(TokenizerKind.CHARACTERS, NormalizerKind.LETTERS, false, List.of(), null))
                .setDevice("cpu")
                .setThreads(1)
                .setCreatedAt(Instant.EPOCH)
                .build();
    }
}
