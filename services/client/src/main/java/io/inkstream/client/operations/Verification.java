package io.inkstream.client.operations;

import io.inkstream.languagemodel.checkpoint.Checkpoint;
import io.inkstream.languagemodel.checkpoint.Cursor;
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
 * weights of the checkpoints that training went on from, the losses of its steps and the perplexities of its epochs.
 */
public final class Verification {

    private final CheckpointManifest manifest;
    private final Checkpoint checkpoint;
    private final Map<Long, CheckpointManifest> checkpoints = new HashMap<>();
    private final Map<Integer, TrainingProgress> epochs = new HashMap<>();
    private long agreed;
    private long stepsBeforeEpoch;
    private long lossesComparedUntil;
    private CheckpointManifest equal;
    private Optional<DifferentLoss> differentLoss = Optional.empty();
    private Optional<Integer> differentEpoch = Optional.empty();

    /**
     * What came out.
     *
     * @param steps steps that were repeated
     * @param agreed recorded figures that the replay came to as well
     * @param weights where its weights were others than those on record; empty when those of the checkpoint are identical
     * @param loss the first step whose loss is another; empty when there is none among those on record
     * @param epoch the first epoch with another perplexity, from 1; empty when there is none among those on record
     */
    public record Outcome(
            long steps,
            long agreed,
            Optional<DifferentWeights> weights,
            Optional<DifferentLoss> loss,
            Optional<Integer> epoch) {}

    /**
     * Weights that are not those on record.
     *
     * @param identicalUntil the last recorded checkpoint whose weights are identical; empty when none is
     * @param at the first one whose weights are not
     * @param replayed SHA-256 of the weights of the replay after the same step
     */
    public record DifferentWeights(
            Optional<CheckpointManifest> identicalUntil, CheckpointManifest at, String replayed) {}

    /**
     * A step whose loss is not that on record.
     *
     * @param step which, from 1
     * @param recorded mean cross-entropy of its minibatch, in nats
     * @param replayed the same, of the replay
     */
    public record DifferentLoss(long step, float recorded, float replayed) {}

    /**
     * A verification of one checkpoint.
     *
     * @param checkpoint the checkpoint of the manifest
     * @param ancestors the checkpoints that training went on from, as far as they are known
     * @param completedEpochs the epochs that were published for this corpus, oldest first
     */
    public Verification(
            CheckpointManifest manifest,
            Checkpoint checkpoint,
            List<CheckpointManifest> ancestors,
            List<TrainingProgress> completedEpochs) {
        this.manifest = manifest;
        this.checkpoint = checkpoint;
        ancestors.forEach(ancestor -> checkpoints.put(ancestor.getStep(), ancestor));
        checkpoints.put(manifest.getStep(), manifest);
        completedEpochs.stream()
                .filter(epoch -> !epoch.getAt().isAfter(manifest.getCreatedAt()))
                .forEach(epoch -> epochs.put(epoch.getEpoch(), epoch)); // the last is that of its last training
    }

    /**
     * Trains again.
     *
     * @param corpus at least the tokens that it was trained on
     * @param stepsDone told how many steps are done, after each
     * @throws IllegalArgumentException if it cannot be repeated, saying why
     */
    public Outcome run(Corpus corpus, ComputeDevice device, Consumer<Long> stepsDone) {
        try (Replay replay = new Replay(corpus, checkpoint, device)) {
            long before = 0;
            while (!replay.done()) {
                replay.step().ifPresent(this::compare);
                long step = replay.cursor().step();
                if (step > before && checkpoints.containsKey(step)) {
                    Optional<DifferentWeights> different =
                            compare(checkpoints.get(step), replay.checkpoint().orElseThrow());
                    if (different.isPresent()) {
                        return new Outcome(step, agreed, different, differentLoss, differentEpoch);
                    }
                }
                before = step;
                stepsDone.accept(step);
            }
            return new Outcome(manifest.getStep(), agreed, Optional.empty(), differentLoss, differentEpoch);
        }
    }

    private void compare(CompletedEpoch completed) {
        Cursor cursor = completed.cursor();
        TrainingProgress recorded = epochs.get(cursor.epoch());
        if (recorded != null && recorded.getStep() == cursor.step()) {
            compare(recorded, completed);
        }
        stepsBeforeEpoch = cursor.step();
    }

    private void compare(TrainingProgress recorded, CompletedEpoch completed) {
        float[] replayed = completed.stepLosses().values();
        if (recorded.getStepLosses().size() == replayed.length) {
            compareLosses(recorded.getStepLosses(), replayed);
        }
        if (recorded.getPerplexity() != null
                && recorded.getPerplexity() == completed.cursor().perplexity()) {
            agreed++;
        } else if (differentEpoch.isEmpty()) {
            differentEpoch = Optional.of(recorded.getEpoch());
        }
    }

    private Optional<DifferentWeights> compare(CheckpointManifest recorded, Checkpoint replayed) {
        Cursor cursor = replayed.cursor();
        if (cursor.insideEpoch()) {
            compareLosses(
                    lossesOfEpochUnderWay(cursor),
                    replayed.network().stepLosses().values());
        }
        String weights = replayed.weightsSha256();
        if (weights.equals(recorded.getWeightsSha256())) {
            agreed++;
            equal = recorded;
            return Optional.empty();
        }
        return Optional.of(new DifferentWeights(Optional.ofNullable(equal), recorded, weights));
    }

    /** What is on record of an epoch that the replay is in the midst of. */
    private List<Float> lossesOfEpochUnderWay(Cursor cursor) {
        Cursor end = checkpoint.cursor();
        if (end.insideEpoch() && end.epoch() == cursor.epoch()) {
            return checkpoint.network().stepLosses().asList();
        }
        TrainingProgress epoch = epochs.get(cursor.epoch() + 1);
        return epoch == null ? List.of() : epoch.getStepLosses();
    }

    /** Holds the losses of an epoch, from its first step on, against those on record, as many as there are. */
    private void compareLosses(List<Float> recorded, float[] replayed) {
        int from = Math.toIntExact(Math.max(0, lossesComparedUntil - stepsBeforeEpoch));
        int to = Math.min(recorded.size(), replayed.length);
        for (int i = from; i < to; i++) {
            if (Float.compare(recorded.get(i), replayed[i]) == 0) {
                agreed++;
            } else if (differentLoss.isEmpty()) {
                differentLoss = Optional.of(new DifferentLoss(stepsBeforeEpoch + i + 1, recorded.get(i), replayed[i]));
            }
        }
        lossesComparedUntil = Math.max(lossesComparedUntil, stepsBeforeEpoch + to);
    }
}
