package io.inkstream.client.operations;

import io.inkstream.languagemodel.checkpoint.Checkpoint;
import io.inkstream.languagemodel.checkpoint.Cursor;
import io.inkstream.languagemodel.corpus.Corpus;
import io.inkstream.languagemodel.training.CompletedEpoch;
import io.inkstream.languagemodel.training.Engines;
import io.inkstream.languagemodel.training.Replay;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.TrainingProgress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Compares a checkpoint with a replay of its training. The replay is compared with everything on record on the way: the weights of
 * the checkpoints that training resumed from, the losses of its steps and the perplexities of its epochs.
 */
public final class Verification {

    private final CheckpointManifest manifest;
    private final Checkpoint checkpoint;
    private final Map<Long, CheckpointManifest> checkpoints = new HashMap<>();
    private final Map<Integer, TrainingProgress> epochs = new HashMap<>();
    private long agreed;
    private long stepsBeforeEpoch;
    private long lossesComparedUntil;
    private @Nullable CheckpointManifest lastIdentical;
    private Optional<DifferentLoss> differentLoss = Optional.empty();
    private Optional<Integer> differentEpoch = Optional.empty();

    /**
     * The result.
     *
     * @param steps steps that were repeated
     * @param agreed recorded figures that the replay reproduced
     * @param weights where the weights first differ from those on record; empty if those of the checkpoint are identical
     * @param loss the first step with a different loss; empty if none of those on record differs
     * @param epoch the first epoch with a different perplexity, from 1; empty if none of those on record differs
     */
    public record Outcome(
            long steps,
            long agreed,
            Optional<DifferentWeights> weights,
            Optional<DifferentLoss> loss,
            Optional<Integer> epoch) {}

    /**
     * Weights that differ from those on record.
     *
     * @param identicalUntil the last recorded checkpoint whose weights are identical; empty if there is none
     * @param at the first one whose weights differ
     * @param replayed SHA-256 of the weights of the replay after the same step
     */
    public record DifferentWeights(
            Optional<CheckpointManifest> identicalUntil, CheckpointManifest at, String replayed) {}

    /**
     * A step whose loss differs from that on record.
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
     * @param ancestors the checkpoints that training resumed from, as far as they are known
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
     * @param stepsDone called with the number of steps done, after each
     * @throws IllegalArgumentException if it cannot be repeated; the message says why
     */
    public Outcome run(Corpus corpus, Engines engines, Consumer<Long> stepsDone) {
        try (Replay replay = new Replay(corpus, checkpoint, engines)) {
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
            lastIdentical = recorded;
            return Optional.empty();
        }
        return Optional.of(new DifferentWeights(Optional.ofNullable(lastIdentical), recorded, weights));
    }

    /** The recorded losses of the epoch that the replay is in. */
    private List<Float> lossesOfEpochUnderWay(Cursor cursor) {
        Cursor end = checkpoint.cursor();
        if (end.insideEpoch() && end.epoch() == cursor.epoch()) {
            return checkpoint.network().stepLosses().asList();
        }
        TrainingProgress epoch = epochs.get(cursor.epoch() + 1);
        return epoch == null ? List.of() : epoch.getStepLosses();
    }

    /** Compares the losses of an epoch, from its first step on, with those on record, as many as there are. */
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
