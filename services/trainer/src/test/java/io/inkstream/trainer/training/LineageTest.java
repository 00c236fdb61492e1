package io.inkstream.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.NormalizerKind;
import io.inkstream.schemas.TokenizerKind;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LineageTest {

    @Test
    void anEpochIsPublishedByTheCheckpointThatHasCompletedIt() {
        // Given
        Lineage lineage = new Lineage(Optional.empty());
        lineage.begin();

        // When
        lineage.committed(manifest("one", 41, 1));

        // Then
        assertThat(lineage.unpublished(1)).isFalse();
        assertThat(lineage.unpublished(2)).isTrue();
        assertThat(lineage.lacks(41)).isFalse();
    }

    /** All minibatches of an epoch are done, but it is completed only when the held-out text is measured. */
    @Test
    void anEpochIsNotPublishedByACheckpointOfItsLastStepBeforeItIsCompleted() {
        // Given
        Lineage lineage = new Lineage(Optional.empty());
        lineage.begin();

        // When
        lineage.committed(manifest("measuring", 41, 0));

        // Then
        assertThat(lineage.unpublished(1)).isTrue();
    }

    @Test
    void theEpochsOfADamagedCheckpointWerePublished() {
        // Given
        Lineage lineage = new Lineage(Optional.of(manifest("damaged", 82, 2)));

        // When
        lineage.resumeFrom(manifest("whole", 41, 1));

        // Then
        assertThat(lineage.unpublished(2)).isFalse();
        assertThat(lineage.unpublished(3)).isTrue();
        assertThat(lineage.lacks(41)).as("a whole checkpoint is due").isTrue();
    }

    private static CheckpointManifest manifest(String sha256, long step, int epoch) {
        return CheckpointManifest.newBuilder()
                .setSha256(sha256)
                .setWeightsSha256("")
                .setBytes(1)
                .setSlot(0)
                .setCheckpointPartition(0)
                .setChunkOffsets(List.of(0L))
                .setStep(step)
                .setEpoch(epoch)
                .setTokensTrained(step)
                .setFinished(false)
                .setVocabularySize(6)
                .setSpec(CorpusSpec.newBuilder()
                        .setTokenizer(TokenizerKind.CHARACTERS)
                        .setNormalizer(NormalizerKind.LETTERS)
                        .build())
                .setDevice("cpu")
                .setThreads(1)
                .setCreatedAt(Instant.EPOCH)
                .build();
    }
}
