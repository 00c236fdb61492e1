package io.inkstream.corpuslog.checkpoints;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.NormalizerKind;
import io.inkstream.schemas.TokenizerKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A trainer and rollbacks write manifests one after the other; each checkpoint has a slot of its own. */
class BranchTest {

    private final List<CheckpointManifest> written = new ArrayList<>();
    private final List<CheckpointManifest> inSlots = new ArrayList<>();

    @Test
    void withoutARollbackEveryOlderCheckpointStandsInTheNewestFirst() {
        // Given
        train(4);

        // When, Then
        assertThat(fallbacks()).containsExactly(2L, 1L, 0L);
    }

    @Test
    void whatARollbackAbandonedDoesNotStandInHoweverFewStepsItHas() {
        // Given a rollback from step 1000 to 500, and training on to 800: what was abandoned at step 700 has fewer
        write(500);
        write(700);
        write(1000);
        rollBackTo(0);
        write(800);

        // When, Then
        assertThat(fallbacks()).containsExactly(0L);
    }

    @Test
    void anotherRollbackAfterMoreTrainingAbandonsMore() {
        // Given
        train(5);
        rollBackTo(3);
        train(3);
        rollBackTo(1);
        train(2);

        // When, Then
        assertThat(fallbacks()).containsExactly(10L, 1L, 0L);
    }

    @Test
    void aRollbackToAnAbandonedCheckpointMakesItsLineTheBranchAgain() {
        // Given a rollback to 1, one more checkpoint (6), and a rollback to 4, which the first had abandoned
        train(5);
        rollBackTo(1);
        train(1);
        rollBackTo(4);
        train(1);

        // When, Then
        assertThat(fallbacks()).containsExactly(4L, 3L, 2L, 1L, 0L);
    }

    @Test
    void whatWasCollectedInBetweenDoesNotHideAKeptAncestor() {
        // Given
        train(10);
        rollBackTo(4);
        train(10);

        // When of each two checkpoints only one is still in its slot
        inSlots.removeIf(manifest -> manifest.getNumber() % 2 == 1);

        // Then
        assertThat(fallbacks()).containsExactly(18L, 16L, 14L, 12L, 4L, 2L, 0L);
    }

    @Test
    void aRollbackOfAnEarlierVersionEndsTheSearch() {
        // Given
        train(3);
        rollBackTo(1);
        written.set(3, manifest(3, 1).setRolledBackFrom("sha-2").build());
        assertThat(fallbacks()).isEmpty();

        // When training goes on
        train(2);

        // Then
        assertThat(fallbacks()).containsExactly(4L);
    }

    @Test
    void whatCameAfterTheTipIsNotOfItsBranch() {
        train(3);
        assertThat(Branch.of(written.get(1)).fallbacks(written.get(1), inSlots))
                .extracting(CheckpointManifest::getNumber)
                .containsExactly(0L);
    }

    @Test
    void aManifestCarriesABoundedNumberOfRangesAndNeverAnAbandonedOneTooFew() {
        // Given
        train(2);

        // When
        for (int i = 0; i < Branch.MOST_RANGES + 10; i++) {
            rollBackTo(written.size() - 2);
            train(2);
        }

        // Then
        assertThat(newest().getAbandoned()).hasSize(2 * Branch.MOST_RANGES);
        for (CheckpointManifest rollback : written) {
            if (rollback.getRolledBackFrom() != null) {
                assertThat(Branch.of(newest()).holds(written.get((int) rollback.getNumber() - 1)))
                        .isFalse();
            }
        }
        assertThat(Branch.of(newest()).holds(written.get(written.size() - 2))).isTrue();
    }

    private void train(int checkpoints) {
        for (int i = 0; i < checkpoints; i++) {
            write(written.size());
        }
    }

    private void write(long step) {
        CheckpointManifest before = written.isEmpty() ? null : newest();
        CheckpointManifest manifest = manifest(CheckpointSlots.numberAfter(before), step)
                .setAbandoned(Branch.abandonedAfter(before))
                .build();
        written.add(manifest);
        inSlots.add(manifest);
    }

    private void rollBackTo(int number) {
        CheckpointManifest target = written.get(number);
        List<Long> abandoned = Branch.abandonedByRollback(target, newest());
        written.add(manifest(CheckpointSlots.numberAfter(newest()), target.getStep())
                .setSha256(target.getSha256())
                .setSlot(target.getSlot())
                .setChunkOffsets(target.getChunkOffsets())
                .setRolledBackFrom(newest().getSha256())
                .setAbandoned(abandoned)
                .build());
    }

    private CheckpointManifest newest() {
        return written.get(written.size() - 1);
    }

    private List<Long> fallbacks() {
        return Branch.of(newest()).fallbacks(newest(), inSlots).stream()
                .map(CheckpointManifest::getNumber)
                .toList();
    }

    private static CheckpointManifest.Builder manifest(long number, long step) {
        return CheckpointManifest.newBuilder()
                .setSha256("sha-" + number)
                .setWeightsSha256("")
                .setNumber(number)
                .setBytes(1)
                .setSlot((int) number)
                .setCheckpointPartition(0)
                .setChunkOffsets(List.of(number))
                .setStep(step)
                .setEpoch(1)
                .setTokensTrained(1)
                .setFinished(false)
                .setVocabularySize(1)
                .setSpec(new CorpusSpec(TokenizerKind.CHARACTERS, NormalizerKind.LETTERS, false, List.of(), null))
                .setDevice("cpu")
                .setThreads(1)
                .setCreatedAt(Instant.EPOCH);
    }
}
