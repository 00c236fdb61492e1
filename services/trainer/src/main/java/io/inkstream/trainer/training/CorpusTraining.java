package io.inkstream.trainer.training;

import io.inkstream.corpuslog.checkpoints.Branch;
import io.inkstream.corpuslog.checkpoints.CheckpointSlots;
import io.inkstream.corpuslog.checkpoints.CheckpointUnreadableException;
import io.inkstream.corpuslog.checkpoints.PreparedCheckpoint;
import io.inkstream.corpuslog.specs.SpecConversion;
import io.inkstream.corpuslog.tokens.CorpusTokens;
import io.inkstream.languagemodel.checkpoint.Checkpoint;
import io.inkstream.languagemodel.checkpoint.Cursor;
import io.inkstream.languagemodel.checkpoint.TensorFile;
import io.inkstream.languagemodel.settings.SamplingSettings;
import io.inkstream.languagemodel.settings.TrainingSettings;
import io.inkstream.languagemodel.training.CompletedEpoch;
import io.inkstream.languagemodel.training.ComputeDevice;
import io.inkstream.languagemodel.training.RunState;
import io.inkstream.languagemodel.training.TrainingRun;
import io.inkstream.platform.InkstreamException;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.ProgressKind;
import io.inkstream.schemas.TrainingProgress;
import io.inkstream.schemas.TrainingState;
import io.inkstream.trainer.followers.PublishedSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The training of one corpus by its owner: spec, run, and what was committed last. Used by the training thread only. */
final class CorpusTraining implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(CorpusTraining.class);
    private static final long READ_AGAIN_NANOS = Duration.ofSeconds(2).toNanos();

    private final String corpus;
    private final CorpusTokens tokens;
    private final ComputeDevice device;
    private final TrainingSpeed speed = new TrainingSpeed();
    private final List<TrainingProgress> uncommittedEpochs = new ArrayList<>();

    private CorpusSpec spec;
    private TrainingRun run;
    private final Lineage lineage;
    private String refusal;
    private PublishedSpec published;
    private String unread;
    private long readAgainAt;

    CorpusTraining(String corpus, CorpusTokens tokens, CheckpointManifest committed, ComputeDevice device) {
        this.corpus = corpus;
        this.tokens = tokens;
        this.lineage = new Lineage(committed);
        this.device = device;
    }

    String corpus() {
        return corpus;
    }

    /** The newest committed checkpoint, or null. */
    CheckpointManifest committed() {
        return lineage.newest();
    }

    /** True when a spec asks for training. */
    boolean wanted() {
        return spec != null && spec.getTraining() != null;
    }

    /** Takes notice of the newest spec, if there is one, and makes, keeps or replaces the run accordingly. */
    void follow(Optional<PublishedSpec> newest, CheckpointSource checkpoints) {
        CorpusSpec next = newest.map(PublishedSpec::spec).orElse(null);
        published = newest.orElse(null);
        boolean readAgain = unread != null && System.nanoTime() - readAgainAt >= 0;
        if (Objects.equals(next, spec) && !readAgain) {
            return;
        }
        spec = next;
        refusal = null;
        unread = null;
        if (!wanted()) {
            return;
        }
        try {
            TrainingSettings settings = SpecConversion.settings(spec.getTraining());
            if (run != null && run.diverged()) {
                close(); // other settings go on from the last checkpoint that was good
            }
            if (run == null && lineage.newest() != null) {
                Resumption.of(
                                corpus,
                                lineage.newest(),
                                settings,
                                tokens.corpus().reading(),
                                checkpoints)
                        .ifPresent(this::goOnFrom);
            }
            if (run != null && !run.settings().canContinueWith(settings)) {
                log.atInfo().addKeyValue("corpus", corpus).log("The spec asks for another model: training begins anew");
                run.close();
                run = null;
                uncommittedEpochs.clear();
            }
            if (run == null) {
                run = TrainingRun.begin(tokens.corpus(), settings, device);
                lineage.beginAnew();
            } else {
                run.adopt(settings);
            }
        } catch (IllegalArgumentException e) {
            refusal = "the spec cannot be trained: " + e.getMessage();
        } catch (CheckpointUnreadableException e) {
            if (e.lasting()) {
                refusal = e.getMessage()
                        + " No older one can be read either: publish the spec with another seed to begin anew.";
            } else {
                readLater(e);
            }
        } catch (InkstreamException | KafkaException e) {
            readLater(e);
        } catch (RuntimeException | OutOfMemoryError e) {
            fail("training cannot begin or go on from its checkpoint (%s)".formatted(e), e);
        }
    }

    /** Kafka does not answer: nothing is begun before the newest checkpoint has been looked at. */
    private void readLater(RuntimeException e) {
        unread = "the newest checkpoint cannot be read at present, which is tried again: " + e.getMessage();
        readAgainAt = System.nanoTime() + READ_AGAIN_NANOS;
        log.atWarn()
                .addKeyValue("corpus", corpus)
                .addKeyValue("reason", e.getMessage())
                .log("Checkpoint not read");
    }

    private void goOnFrom(Resumption found) {
        run = TrainingRun.resume(tokens.corpus(), found.checkpoint(), device);
        boolean newest = found.manifest().equals(lineage.newest());
        lineage.goOnFrom(found.manifest());
        log.atInfo()
                .addKeyValue("corpus", corpus)
                .addKeyValue("checkpoint", found.manifest().getSha256())
                .addKeyValue("step", found.manifest().getStep())
                .log(
                        newest
                                ? "Going on from the last committed checkpoint"
                                : "Going on from an older checkpoint, as the newest is damaged; what came after it is"
                                        + " repeated");
    }

    /**
     * Takes note of what the models topic has after a time without ownership: if another has committed, the run in memory is
     * given up for what was committed.
     */
    void takenOver(CheckpointManifest newest) {
        if (!lineage.agreesWith(newest)) {
            log.atWarn()
                    .addKeyValue("corpus", corpus)
                    .addKeyValue("checkpoint", newest == null ? null : newest.getSha256())
                    .log("Another checkpoint was committed meanwhile; going on from that");
            close();
            spec = null;
        }
        uncommittedEpochs.removeIf(epoch -> !lineage.unpublished(epoch.getEpoch()));
    }

    /** What can be done next. */
    RunState state() {
        if (tokens.damage() != null) {
            return new RunState.Failed(tokens.damage());
        }
        if (refusal != null) {
            return new RunState.Failed(refusal);
        }
        if (unread != null) {
            return new RunState.Waiting(unread);
        }
        if (!wanted() || run == null) {
            return new RunState.Waiting("no training was asked for");
        }
        if (rolledBack()) {
            return new RunState.Waiting(
                    "rolled back to checkpoint %s: training goes on when settings are published again (inkstream train)"
                            .formatted(lineage.newest().getSha256()));
        }
        return run.state();
    }

    /** True when an older checkpoint was made current, and nobody has asked for training since. */
    private boolean rolledBack() {
        CheckpointManifest newest = lineage.newest();
        return newest != null && newest.getRolledBackFrom() != null && !published.isAfter(newest);
    }

    /**
     * Trains on one minibatch; returns how many tokens it had. What cannot be computed, for instance as the network does not
     * fit into the memory here, fails this corpus and no other.
     */
    long step() {
        long before = run.cursor().tokensTrained();
        try {
            run.step()
                    .filter(epoch -> lineage.unpublished(epoch.cursor().epoch()))
                    .ifPresent(epoch -> uncommittedEpochs.add(progress(epoch)));
            return run.cursor().tokensTrained() - before;
        } catch (RuntimeException | OutOfMemoryError e) {
            fail("a step could not be computed (%s)".formatted(e), e);
            return 0;
        }
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
        return run != null && lineage.lacks(run.cursor().step());
    }

    /** True when all epochs are done and the newest manifest does not say so. */
    boolean finishedUnsaid() {
        return run != null
                && run.cursor().step() > 0
                && state() instanceof RunState.Done
                && (lineage.newest() == null || !lineage.newest().getFinished() || uncommitted());
    }

    /**
     * The checkpoint of this moment, or empty when there is nothing to keep. One that cannot be made, as there is not memory
     * enough for instance, fails this corpus and no other.
     */
    Optional<PreparedCheckpoint> prepare(CheckpointSlots slots) {
        if (run == null) {
            return Optional.empty();
        }
        try {
            return prepared(slots);
        } catch (RuntimeException | OutOfMemoryError e) {
            fail("its checkpoint cannot be made (%s)".formatted(e), e);
            return Optional.empty();
        }
    }

    private Optional<PreparedCheckpoint> prepared(CheckpointSlots slots) {
        return run.checkpoint().map(checkpoint -> {
            CheckpointManifest before = lineage.newest();
            boolean online = checkpoint.settings().sampling().online();
            Cursor cursor = checkpoint.cursor();
            CheckpointManifest.Builder manifest = CheckpointManifest.newBuilder()
                    .setWeightsSha256(checkpoint.weightsSha256())
                    .setNumber(CheckpointSlots.numberAfter(before))
                    .setParent(lineage.parent())
                    .setAbandoned(Branch.abandonedAfter(before))
                    .setSlot(slots.slotAfter(before))
                    .setStep(cursor.step())
                    .setEpoch(cursor.epoch())
                    .setPerplexity(finite(cursor.perplexity()))
                    .setValidationPerplexity(finite(cursor.validationPerplexity()))
                    .setTokensTrained(cursor.tokensTrained())
                    .setFinished(state() instanceof RunState.Done)
                    .setVocabularySize(checkpoint.vocabulary().size())
                    .setSpec(SpecConversion.spec(checkpoint.reading(), checkpoint.settings()))
                    .setDevice(device.name())
                    .setThreads(checkpoint.threads())
                    .setSource(tokens.source(cursor.epochTokens()))
                    .setResumeAt(online ? tokens.streamPosition(run.nextInStream()) : null)
                    .setCreatedAt(Instant.now());
            TensorFile file = checkpoint.file();
            return new PreparedCheckpoint(
                    corpus, file::writeTo, file.bytes(), manifest, List.copyOf(uncommittedEpochs), lineage::attempt);
        });
    }

    /** Takes note of a checkpoint that cannot be written: this corpus fails, with what was trained since the one before. */
    void reject(String why, Throwable problem) {
        fail(why, problem);
    }

    private void fail(String what, Throwable problem) {
        log.atError().addKeyValue("corpus", corpus).setCause(problem).log(what);
        refusal =
                "%s. The last checkpoint is kept: publish other settings, a smaller network for instance, or give the trainer more memory"
                        .formatted(what);
        close(); // what it was doing is half done
    }

    /** Takes note of a checkpoint that was committed. */
    void committed(CheckpointManifest manifest) {
        lineage.committed(manifest);
        uncommittedEpochs.removeIf(epoch -> epoch.getEpoch() <= manifest.getEpoch());
    }

    /** Tokens from the start of the corpus that need no more reading once the newest checkpoint is taken into account. */
    long coveredTokens(long epochTokens) {
        long maxTokens = wanted() && run != null ? run.settings().sampling().maxTokens() : 0;
        return maxTokens > 0 && epochTokens >= maxTokens ? Long.MAX_VALUE - 1 : epochTokens;
    }

    /** Up to which token of the corpus the run has learned: of its epoch, or with online sampling of the stream. */
    long learnedTokens() {
        if (run == null) {
            return 0;
        }
        return run.settings().sampling().online()
                ? run.nextInStream()
                : run.cursor().epochTokens();
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
            progress.setMessage(failed.error());
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
                                .setGradientNorm(finite(epoch.gradientNorm()))
                                .setStepLosses(epoch.stepLosses().asList()),
                        epoch.cursor())
                .build();
    }

    private TrainingProgress.Builder at(TrainingProgress.Builder progress, Cursor cursor) {
        SamplingSettings sampling = run == null ? null : run.settings().sampling();
        return progress.setStep(cursor.step())
                .setEpochTokens(sampling != null && sampling.online() ? sampling.stretch() : cursor.epochTokens())
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

        /** What may stand in for the newest checkpoint when that is damaged, the newest first. */
        List<CheckpointManifest> fallbacks(String corpus, CheckpointManifest damaged);
    }
}
