package io.inkstream.standalone.client;

import io.inkstream.languagemodel.checkpoint.Checkpoint;
import io.inkstream.languagemodel.corpus.Corpus;
import io.inkstream.languagemodel.training.CompletedEpoch;
import io.inkstream.languagemodel.training.ComputeDevice;
import io.inkstream.languagemodel.training.Replay;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.TrainingProgress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Holds a checkpoint against a replay of its training. On the way the replay is held against what else is on record: the
 * weights of the checkpoints that training went on from, and the perplexities of its epochs.
 */
public final class Verification {

    private final CheckpointManifest manifest;
    private final Map<Long, CheckpointManifest> checkpoints = new HashMap<>();
    private final Map<Long, TrainingProgress> epochs = new HashMap<>();
    private long compared;
    private CheckpointManifest equal;
    private Optional<Integer> differentEpoch = Optional.empty();

    /**
     * What came out.
     *
     * @param steps steps that were repeated
     * @param compared recorded figures that the replay was held against
     * @param difference where it parted from the record; empty when the weights are identical
     */
    public record Outcome(long steps, long compared, Optional<Difference> difference) {}

    /**
     * Where a replay parted from the record.
     *
     * @param identicalUntil the last recorded checkpoint whose weights are identical; empty when none is
     * @param differentAt the first one whose weights are not
     * @param recorded SHA-256 of its weights
     * @param replayed SHA-256 of the weights of the replay after the same step
     * @param differentEpoch the first epoch with another perplexity, from 1; empty when no record of it is left
     */
    public record Difference(
            Optional<CheckpointManifest> identicalUntil,
            CheckpointManifest differentAt,
            String recorded,
            String replayed,
            Optional<Integer> differentEpoch) {}

    /**
     * A verification of one checkpoint.
     *
     * @param ancestors the checkpoints that training went on from, as far as they are known
     * @param completedEpochs the epochs that were published for this corpus, oldest first
     */
    public Verification(
            CheckpointManifest manifest, List<CheckpointManifest> ancestors, List<TrainingProgress> completedEpochs) {
        this.manifest = manifest;
        ancestors.forEach(ancestor -> checkpoints.put(ancestor.getStep(), ancestor));
        checkpoints.put(manifest.getStep(), manifest);
        completedEpochs.stream()
                .filter(epoch -> !epoch.getAt().isAfter(manifest.getCreatedAt()))
                .forEach(
                        epoch -> epochs.put(epoch.getStep(), epoch)); // the last of a step is that of its last training
    }

    /**
     * Trains again.
     *
     * @param corpus at least the tokens that it was trained on
     * @param checkpoint the checkpoint of the manifest
     * @param stepsDone told how many steps are done, after each
     * @throws IllegalArgumentException if it cannot be repeated, saying why
     */
    public Outcome run(Corpus corpus, Checkpoint checkpoint, ComputeDevice device, Consumer<Long> stepsDone) {
        try (Replay replay = new Replay(corpus, checkpoint, device)) {
            long before = 0;
            while (!replay.done()) {
                replay.step().ifPresent(this::compare);
                long step = replay.cursor().step();
                CheckpointManifest recorded = step > before ? checkpoints.get(step) : null;
                before = step;
                if (recorded != null) {
                    String weights = replay.checkpoint().orElseThrow().weightsSha256();
                    compared++;
                    if (!weights.equals(recorded.getWeightsSha256())) {
                        return new Outcome(step, compared, Optional.of(difference(recorded, weights)));
                    }
                    equal = recorded;
                }
                stepsDone.accept(step);
            }
            return new Outcome(manifest.getStep(), compared, Optional.empty());
        }
    }

    private void compare(CompletedEpoch epoch) {
        TrainingProgress recorded = epochs.get(epoch.cursor().step());
        if (recorded == null || recorded.getEpoch() != epoch.cursor().epoch() || recorded.getPerplexity() == null) {
            return;
        }
        compared++;
        if (differentEpoch.isEmpty()
                && recorded.getPerplexity() != epoch.cursor().perplexity()) {
            differentEpoch = Optional.of(recorded.getEpoch());
        }
    }

    private Difference difference(CheckpointManifest recorded, String replayed) {
        return new Difference(
                Optional.ofNullable(equal), recorded, recorded.getWeightsSha256(), replayed, differentEpoch);
    }
}
