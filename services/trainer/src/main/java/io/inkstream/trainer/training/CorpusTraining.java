package io.inkstream.trainer.training;

import io.inkstream.languagemodel.checkpoint.Checkpoint;
import io.inkstream.languagemodel.checkpoint.Cursor;
import io.inkstream.languagemodel.settings.TrainingSettings;
import io.inkstream.languagemodel.training.CompletedEpoch;
import io.inkstream.languagemodel.training.ComputeDevice;
import io.inkstream.languagemodel.training.RunState;
import io.inkstream.languagemodel.training.TrainingRun;
import io.inkstream.platform.checkpoints.CheckpointUnreadableException;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.ProgressKind;
import io.inkstream.schemas.TrainingProgress;
import io.inkstream.schemas.TrainingState;
import io.inkstream.specs.SpecReading;
import io.inkstream.trainer.checkpoints.PreparedCheckpoint;
import io.inkstream.trainer.partitions.CorpusTokens;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The training of one corpus by its owner: spec, run, and what was committed last. Used by the training thread only. */
final class CorpusTraining implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(CorpusTraining.class);

    private final String corpus;
    private final CorpusTokens tokens;
    private final ComputeDevice device;
    private final TrainingSpeed speed = new TrainingSpeed();
    private final List<TrainingProgress> uncommittedEpochs = new ArrayList<>();

    private CorpusSpec spec;
    private TrainingRun run;
    private String refusal;
    private CheckpointManifest committed;
    private long committedStep;

    CorpusTraining(String corpus, CorpusTokens tokens, CheckpointManifest committed, ComputeDevice device) {
        this.corpus = corpus;
        this.tokens = tokens;
        this.committed = committed;
        this.device = device;
    }

    String corpus() {
        return corpus;
    }

    /** The newest committed checkpoint, or null. */
    CheckpointManifest committed() {
        return committed;
    }

    /** True when a spec asks for training. */
    boolean wanted() {
        return spec != null && spec.getTraining() != null;
    }

    /** Takes notice of the newest spec, if there is one, and makes, keeps or replaces the run accordingly. */
    void follow(Optional<CorpusSpec> newest, CheckpointSource checkpoints) {
        CorpusSpec next = newest.orElse(null);
        if (Objects.equals(next, spec)) {
            return;
        }
        spec = next;
        refusal = null;
        if (!wanted()) {
            return;
        }
        try {
            TrainingSettings settings = SpecReading.settings(spec.getTraining());
            if (run == null && committed != null) {
                resume(settings, checkpoints);
            }
            if (run != null && !run.settings().canGoOnWith(settings)) {
                log.atInfo().addKeyValue("corpus", corpus).log("The spec asks for another model: training begins anew");
                run.close();
                run = null;
                uncommittedEpochs.clear();
            }
            if (run == null) {
                run = TrainingRun.begin(tokens.corpus(), settings, device);
                committedStep = 0;
            } else {
                run.adopt(settings);
            }
        } catch (IllegalArgumentException e) {
            refusal = "the spec cannot be trained: " + e.getMessage();
        } catch (CheckpointUnreadableException e) {
            refusal = e.getMessage() + " Publish the spec with another seed to begin anew.";
        }
    }

    private void resume(TrainingSettings settings, CheckpointSource checkpoints) {
        Checkpoint checkpoint = checkpoints.read(corpus, committed);
        if (checkpoint.settings().canGoOnWith(settings)
                && checkpoint.reading().equals(tokens.corpus().reading())) {
            run = TrainingRun.resume(tokens.corpus(), checkpoint, device);
            committedStep = checkpoint.cursor().step();
            log.atInfo()
                    .addKeyValue("corpus", corpus)
                    .addKeyValue("checkpoint", committed.getSha256())
                    .addKeyValue("step", committedStep)
                    .log("Going on from the last committed checkpoint");
        }
    }

    /** What can be done next. */
    RunState state() {
        if (tokens.damage() != null) {
            return new RunState.Failed(tokens.damage());
        }
        if (refusal != null) {
            return new RunState.Failed(refusal);
        }
        if (!wanted() || run == null) {
            return new RunState.Waiting("no training was asked for");
        }
        return run.state();
    }

    /** Trains on one minibatch; returns how many tokens it had. */
    long step() {
        long before = run.cursor().tokensTrained();
        run.step().ifPresent(epoch -> uncommittedEpochs.add(progress(epoch)));
        return run.cursor().tokensTrained() - before;
    }

    /** Notes the progress of the clock, for the speed. */
    void tick(long nanos) {
        if (run != null) {
            speed.note(nanos, run.cursor().tokensTrained());
        }
    }

    /** Forgets the speed: it does not train at present. */
    void idle() {
        speed.reset();
    }

    /** True when there are steps that no checkpoint holds yet. */
    boolean uncommitted() {
        return run != null && run.cursor().step() > committedStep;
    }

    /** True when all epochs are done and the newest manifest does not say so. */
    boolean finishedUnsaid() {
        return run != null
                && run.cursor().step() > 0
                && state() instanceof RunState.Done
                && (committed == null || !committed.getFinished() || uncommitted());
    }

    /** The checkpoint of this moment, or empty when there is nothing to keep. */
    Optional<PreparedCheckpoint> prepare(int slots) {
        if (run == null) {
            return Optional.empty();
        }
        return run.checkpoint().map(checkpoint -> {
            byte[] file = checkpoint.write();
            Cursor cursor = checkpoint.cursor();
            CheckpointManifest.Builder manifest = CheckpointManifest.newBuilder()
                    .setSha256(Checkpoint.sha256(file))
                    .setWeightsSha256(checkpoint.weightsSha256())
                    .setParent(committed == null ? null : committed.getSha256())
                    .setBytes(file.length)
                    .setSlot(committed == null ? 0 : (committed.getSlot() + 1) % slots)
                    .setStep(cursor.step())
                    .setEpoch(cursor.epoch())
                    .setPerplexity(finite(cursor.perplexity()))
                    .setValidationPerplexity(finite(cursor.validationPerplexity()))
                    .setTokensTrained(cursor.tokensTrained())
                    .setFinished(state() instanceof RunState.Done)
                    .setVocabularySize(checkpoint.vocabulary().size())
                    .setSpec(SpecReading.spec(checkpoint.reading(), checkpoint.settings()))
                    .setDevice(device.name())
                    .setThreads(device.threads())
                    .setSource(tokens.source(cursor.epochTokens()))
                    .setCreatedAt(Instant.now());
            return new PreparedCheckpoint(corpus, file, manifest, List.copyOf(uncommittedEpochs));
        });
    }

    /** Takes note of a checkpoint that was committed. */
    void committed(CheckpointManifest manifest) {
        committed = manifest;
        committedStep = manifest.getStep();
        uncommittedEpochs.removeIf(epoch -> epoch.getStep() <= manifest.getStep());
    }

    /** Tokens from the start of the corpus that need no more reading once the newest checkpoint is taken into account. */
    long coveredTokens(long epochTokens) {
        long maxTokens = wanted() && run != null ? run.settings().sampling().maxTokens() : 0;
        return maxTokens > 0 && epochTokens >= maxTokens ? Long.MAX_VALUE - 1 : epochTokens;
    }

    /** How many tokens the epoch under way, or the last one, covers. */
    long epochTokens() {
        return run == null ? 0 : run.cursor().epochTokens();
    }

    /** How training goes at this moment. */
    TrainingProgress glance() {
        RunState state = state();
        Cursor cursor = run == null ? Cursor.START : run.cursor();
        TrainingProgress.Builder progress = TrainingProgress.newBuilder()
                .setKind(ProgressKind.LIVE)
                .setState(named(state))
                .setEpoch(cursor.epoch())
                .setEpochsLeft(run == null ? 0 : run.epochsLeft())
                .setVocabularySize(run == null ? 0 : run.vocabularySize())
                .setUnknownTokens(run == null ? 0 : run.unknownTokens())
                .setGradientNorm(run == null ? null : finite(run.gradientNorm()));
        if (state instanceof RunState.Waiting waiting) {
            progress.setMessage(waiting.reason());
        } else if (state instanceof RunState.Failed failed) {
            progress.setMessage(failed.reason());
        }
        return at(progress, cursor).build();
    }

    /** Perplexity of the last completed epoch; NaN before the first. */
    double perplexity() {
        return run == null ? Double.NaN : run.cursor().perplexity();
    }

    /** Perplexity on the held-out tokens after the last completed epoch; NaN when there is none. */
    double validationPerplexity() {
        return run == null ? Double.NaN : run.cursor().validationPerplexity();
    }

    /** Lets the model go: no spec asks for it any more. What was committed stays. */
    @Override
    public void close() {
        if (run != null) {
            run.close();
            run = null;
            uncommittedEpochs.clear();
        }
    }

    private TrainingProgress progress(CompletedEpoch epoch) {
        return at(
                        TrainingProgress.newBuilder()
                                .setKind(ProgressKind.EPOCH)
                                .setState(TrainingState.TRAINING)
                                .setEpoch(epoch.cursor().epoch())
                                .setEpochsLeft(epoch.epochsLeft())
                                .setVocabularySize(epoch.vocabulary())
                                .setUnknownTokens(epoch.unknownTokens())
                                .setGradientNorm(finite(epoch.gradientNorm())),
                        epoch.cursor())
                .build();
    }

    private TrainingProgress.Builder at(TrainingProgress.Builder progress, Cursor cursor) {
        return progress.setStep(cursor.step())
                .setEpochTokens(cursor.epochTokens())
                .setKnownTokens(tokens.corpus().tokens().size())
                .setTokensTrained(cursor.tokensTrained())
                .setPerplexity(finite(cursor.perplexity()))
                .setValidationPerplexity(finite(cursor.validationPerplexity()))
                .setTokensPerSecond(speed.tokensPerSecond())
                .setDevice(device.name())
                .setAt(Instant.now());
    }

    private static TrainingState named(RunState state) {
        if (state instanceof RunState.Waiting) {
            return TrainingState.WAITING;
        }
        if (state instanceof RunState.Training) {
            return TrainingState.TRAINING;
        }
        return state instanceof RunState.Done ? TrainingState.DONE : TrainingState.FAILED;
    }

    /** null instead of a number that Avro's readers in other languages may not take. */
    private static Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }

    /** Reads committed checkpoints. */
    interface CheckpointSource {

        /**
         * Reads and verifies a checkpoint.
         *
         * @throws CheckpointUnreadableException if it is not whole
         */
        Checkpoint read(String corpus, CheckpointManifest manifest);
    }
}
