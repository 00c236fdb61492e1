package io.inkstream.trainer.training;

import io.inkstream.corpuslog.checkpoints.CheckpointSlots;
import io.inkstream.corpuslog.checkpoints.CheckpointUnreadableException;
import io.inkstream.corpuslog.checkpoints.NextManifest;
import io.inkstream.corpuslog.checkpoints.PreparedCheckpoint;
import io.inkstream.corpuslog.specs.SpecConversion;
import io.inkstream.corpuslog.tokens.CorpusTokens;
import io.inkstream.languagemodel.checkpoint.Checkpoint;
import io.inkstream.languagemodel.checkpoint.Cursor;
import io.inkstream.languagemodel.settings.TrainingSettings;
import io.inkstream.languagemodel.training.Engines;
import io.inkstream.languagemodel.training.RunState;
import io.inkstream.languagemodel.training.TrainingRun;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.access.AccessFailures;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.TrainingProgress;
import io.inkstream.schemas.TrainingSpec;
import io.inkstream.trainer.followers.PublishedSpec;
import io.inkstream.trainer.training.CheckpointSchedule.Uncommitted;
import io.inkstream.trainer.training.TrainingPhase.AwaitingCheckpoint;
import io.inkstream.trainer.training.TrainingPhase.Failed;
import io.inkstream.trainer.training.TrainingPhase.NotRequested;
import io.inkstream.trainer.training.TrainingPhase.Rejected;
import io.inkstream.trainer.training.TrainingPhase.RolledBack;
import io.inkstream.trainer.training.TrainingPhase.Running;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The training of one corpus by its owner, as a state machine. Used by the training thread only.
 *
 * <pre>
 *                 request               run
 *  NotRequested ─────────▶ ┐ ──────────────────────▶ Running ─────────────┐
 *                          │                          │   ▲               │
 *                          │   run: the newest mani-  │   │ run: a spec   │ fail: a step cannot be computed,
 *                          │   fest is a rollback     ▼   │ was published │ or a checkpoint cannot be written
 *                          ├───────────────────────▶ RolledBack           │
 *                          │ awaitCheckpoint: Kafka is unavailable        │
 *                          ├───────────────────────▶ AwaitingCheckpoint ──┼─▶ request, after 2 s
 *                          │ reject: impossible settings                  │
 *                          ├───────────────────────▶ Rejected             │
 *                          │ fail: no checkpoint can be read              ▼
 *                          └───────────────────────────────────────────▶ Failed
 *
 *  from every phase:  request    another spec was published
 *                     withdraw   no spec asks for training ──▶ NotRequested
 *                     reconcile  another owner has committed ──▶ NotRequested, and the spec is followed again
 * </pre>
 *
 * <p>{@link Rejected}, which keeps the run of the spec before, and {@link Failed} end with another spec. Whether a running
 * training waits for text, trains, is done or has diverged is a matter of its {@link TrainingRun}. Tokens with a gap hold up
 * every phase until the gap is filled.
 */
final class CorpusTraining implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(CorpusTraining.class);
    private static final long RETRY_NANOS = Duration.ofSeconds(2).toNanos();

    private final String corpus;
    private final CorpusTokens tokens;
    private final Engines engines;
    private final TrainingSpeed speed = new TrainingSpeed();
    private final ProgressRecords progress;
    private final Lineage lineage;
    private final List<TrainingProgress> uncommittedEpochs = new ArrayList<>();

    /** The spec that led to this phase. */
    private Optional<PublishedSpec> followed = Optional.empty();

    private TrainingPhase phase = new NotRequested(Optional.empty());

    CorpusTraining(String corpus, CorpusTokens tokens, Optional<CheckpointManifest> committed, Engines engines) {
        this.corpus = corpus;
        this.tokens = tokens;
        this.engines = engines;
        this.lineage = new Lineage(committed);
        this.progress = new ProgressRecords(tokens, engines, speed);
    }

    String corpus() {
        return corpus;
    }

    CorpusTokens tokens() {
        return tokens;
    }

    /** The newest committed checkpoint. */
    Optional<CheckpointManifest> newestCheckpoint() {
        return lineage.newest();
    }

    /** True when a spec asks for training. */
    boolean requested() {
        return followed.map(PublishedSpec::spec).map(CorpusSpec::getTraining).isPresent();
    }

    /** What can be done next. */
    RunState state() {
        return tokens.damage().<RunState>map(RunState.Failed::new).orElseGet(phase::state);
    }

    /** Follows the newest spec, if there is one: creates, keeps or replaces the run accordingly. */
    void follow(Optional<PublishedSpec> newest, CheckpointSource checkpoints) {
        boolean changed = !newest.map(PublishedSpec::spec).equals(followed.map(PublishedSpec::spec));
        followed = newest;
        if (changed || retryDue()) {
            Optional<TrainingSpec> requested = newest.map(PublishedSpec::spec).map(CorpusSpec::getTraining);
            requested.ifPresentOrElse(spec -> request(spec, checkpoints), this::withdraw);
        } else if (phase instanceof Running || phase instanceof RolledBack) {
            phase.run().ifPresent(this::run); // the same spec, published again, ends the wait after a rollback
        }
    }

    private boolean retryDue() {
        return phase instanceof AwaitingCheckpoint awaiting && System.nanoTime() - awaiting.retryAt() >= 0;
    }

    /** A spec asks for training: with the run in memory, from the newest checkpoint, or from nothing. */
    private void request(TrainingSpec spec, CheckpointSource checkpoints) {
        try {
            TrainingSettings settings = SpecConversion.settings(spec);
            if (phase.run().filter(TrainingRun::diverged).isPresent()) {
                discardRun(); // other settings resume from the last checkpoint before it diverged
            }
            if (phase.run().isEmpty()) {
                resume(settings, checkpoints);
            }
            if (phase.run()
                    .filter(run -> !run.settings().canContinueWith(settings))
                    .isPresent()) {
                log.atInfo()
                        .addKeyValue("corpus", corpus)
                        .log("The spec describes another model: starting from scratch");
                discardRun();
            }
            phase.run().ifPresentOrElse(run -> run.adopt(settings), () -> begin(settings));
            phase.run().ifPresent(this::run);
        } catch (IllegalArgumentException e) {
            reject(e);
        } catch (CheckpointUnreadableException e) {
            requireAccess(e);
            if (e.lasting()) {
                phase = new Failed(e.getMessage()
                        + " No older one can be read either: publish the spec with another seed to begin anew.");
            } else {
                awaitCheckpoint(e);
            }
        } catch (InkstreamException | KafkaException e) {
            requireAccess(e);
            awaitCheckpoint(e);
        } catch (RuntimeException | OutOfMemoryError e) {
            fail("training cannot start or resume from its checkpoint (%s)".formatted(e), e);
        }
    }

    /** What is denied for this corpus is denied for all, and stays so. */
    private static void requireAccess(RuntimeException e) {
        if (AccessFailures.denied(e)) {
            throw e;
        }
    }

    private void resume(TrainingSettings settings, CheckpointSource checkpoints) {
        lineage.newest()
                .flatMap(newest ->
                        Resumption.of(corpus, newest, settings, tokens.corpus().reading(), checkpoints))
                .ifPresent(this::resumeFrom);
    }

    private void resumeFrom(Resumption found) {
        run(TrainingRun.resume(tokens.corpus(), found.checkpoint(), engines));
        boolean newest = lineage.newest().equals(Optional.of(found.manifest()));
        lineage.resumeFrom(found.manifest());
        log.atInfo()
                .addKeyValue("corpus", corpus)
                .addKeyValue("checkpoint", found.manifest().getSha256())
                .addKeyValue("step", found.manifest().getStep())
                .log(
                        newest
                                ? "Resuming from the newest checkpoint"
                                : "Resuming from an older checkpoint, as the newest is damaged; the steps after it are"
                                        + " repeated");
    }

    private void begin(TrainingSettings settings) {
        run(TrainingRun.begin(tokens.corpus(), settings, engines));
        lineage.begin();
    }

    /** There is a run with the settings that were requested; after a rollback it waits for settings that were published later. */
    private void run(TrainingRun run) {
        phase = rollback()
                .<TrainingPhase>map(rollback -> new RolledBack(run, rollback.getSha256()))
                .orElseGet(() -> new Running(run));
    }

    /** The newest manifest, if it made an older checkpoint current and nobody has requested training since. */
    private Optional<CheckpointManifest> rollback() {
        return lineage.newest()
                .filter(newest -> newest.getRolledBackFrom() != null)
                .filter(newest -> followed.filter(spec -> spec.isAfter(newest)).isEmpty());
    }

    /** The spec is gone, or asks for no training any more. */
    private void withdraw() {
        phase = new NotRequested(phase.run());
    }

    /** The settings are impossible: with others, the run of the spec before may continue. */
    private void reject(IllegalArgumentException e) {
        phase = new Rejected("the spec cannot be trained: " + e.getMessage(), phase.run());
    }

    private void awaitCheckpoint(RuntimeException e) {
        phase = new AwaitingCheckpoint(String.valueOf(e.getMessage()), System.nanoTime() + RETRY_NANOS);
        log.atWarn()
                .addKeyValue("corpus", corpus)
                .addKeyValue("error", e.getMessage())
                .log("Checkpoint could not be read; retrying");
    }

    /** This corpus fails, with what was trained since the newest checkpoint; no other corpus does. */
    void fail(String what, Throwable cause) {
        log.atError().addKeyValue("corpus", corpus).setCause(cause).log(what);
        discardRun(); // what it was doing is half done
        phase = new Failed(
                "%s. The last checkpoint is kept: publish other settings, a smaller network for instance, or give the trainer more memory"
                        .formatted(what));
    }

    /**
     * Compares with what the models topic has after a time without ownership: if another has committed, the run in memory is
     * discarded for what was committed.
     */
    void reconcile(Optional<CheckpointManifest> newest) {
        if (!lineage.agreesWith(newest)) {
            log.atWarn()
                    .addKeyValue("corpus", corpus)
                    .addKeyValue(
                            "checkpoint",
                            newest.map(CheckpointManifest::getSha256).orElse("none"))
                    .log("Another checkpoint has been committed; resuming from it");
            discardRun();
            followed = Optional.empty();
        }
        uncommittedEpochs.removeIf(epoch -> !lineage.unpublished(epoch.getEpoch()));
    }

    /** A checkpoint of this training was committed. */
    void committed(CheckpointManifest manifest) {
        lineage.committed(manifest);
        uncommittedEpochs.removeIf(epoch -> epoch.getEpoch() <= manifest.getEpoch());
        if (phase instanceof RolledBack rolledBack) {
            run(rolledBack.resumed());
        }
    }

    /**
     * Trains on one minibatch; returns how many tokens it had. What cannot be computed, for instance because the network does
     * not fit into memory, fails this corpus and no other.
     */
    long step() {
        return phase.run().map(this::step).orElse(0L);
    }

    private long step(TrainingRun run) {
        long before = run.cursor().tokensTrained();
        try {
            run.step()
                    .filter(epoch -> lineage.unpublished(epoch.cursor().epoch()))
                    .ifPresent(epoch -> uncommittedEpochs.add(progress.epoch(run, epoch)));
            return run.cursor().tokensTrained() - before;
        } catch (RuntimeException | OutOfMemoryError e) {
            fail("a step could not be computed (%s)".formatted(e), e);
            return 0;
        }
    }

    /** Takes a reading of the speed at a point in time. */
    void sampleSpeed(long nanos) {
        phase.run().ifPresent(run -> speed.note(nanos, run.cursor().tokensTrained()));
    }

    /** Resets the speed: it is not training at present. */
    void resetSpeed() {
        speed.reset();
    }

    /** What the run holds that no committed checkpoint does. */
    Uncommitted uncommitted() {
        return phase.run().map(this::uncommitted).orElse(Uncommitted.NOTHING);
    }

    private Uncommitted uncommitted(TrainingRun run) {
        boolean steps = lineage.lacks(run.cursor().step());
        boolean done = run.cursor().step() > 0 && state() instanceof RunState.Done;
        boolean recorded =
                lineage.newest().filter(CheckpointManifest::getFinished).isPresent();
        if (done && (steps || !recorded)) {
            return Uncommitted.END;
        }
        if (!steps) {
            return Uncommitted.NOTHING;
        }
        return lineage.newest().isEmpty() ? Uncommitted.FIRST_STEPS : Uncommitted.STEPS;
    }

    /** True when there are steps that no committed checkpoint holds. */
    boolean hasUncommittedSteps() {
        return phase.run().filter(run -> lineage.lacks(run.cursor().step())).isPresent();
    }

    /**
     * The checkpoint of this moment, or empty when there is nothing to keep. One that cannot be made, for instance because
     * memory is short, fails this corpus and no other.
     */
    Optional<PreparedCheckpoint> prepare(CheckpointSlots slots) {
        try {
            return phase.run().flatMap(run -> run.checkpoint().map(checkpoint -> prepared(run, checkpoint, slots)));
        } catch (RuntimeException | OutOfMemoryError e) {
            fail("its checkpoint cannot be made (%s)".formatted(e), e);
            return Optional.empty();
        }
    }

    private PreparedCheckpoint prepared(TrainingRun run, Checkpoint checkpoint, CheckpointSlots slots) {
        Cursor cursor = checkpoint.cursor();
        NextManifest.Provenance provenance = new NextManifest.Provenance(
                lineage.parent(),
                tokens.source(cursor.epochTokens()),
                checkpoint.settings().sampling().online()
                        ? Optional.of(tokens.streamPosition(run.nextInStream()))
                        : Optional.empty());
        return PreparedCheckpoint.of(
                corpus,
                checkpoint.file(),
                NextManifest.after(lineage.newest())
                        .trained(checkpoint, slots, provenance, state() instanceof RunState.Done),
                uncommittedEpochs,
                lineage::attempt);
    }

    /** Tokens from the start of the corpus that need no more reading once the newest checkpoint is taken into account. */
    long coveredTokens(long epochTokens) {
        long maxTokens = requested()
                ? phase.run().map(run -> run.settings().sampling().maxTokens()).orElse(0L)
                : 0;
        return maxTokens > 0 && epochTokens >= maxTokens ? Long.MAX_VALUE - 1 : epochTokens;
    }

    /** Up to which token of the corpus the run has learned: of its epoch, or with online sampling of the stream. */
    long learnedTokens() {
        return phase.run()
                .map(run -> run.settings().sampling().online()
                        ? run.nextInStream()
                        : run.cursor().epochTokens())
                .orElse(0L);
    }

    /**
     * Tokens to train on before everything that was requested is done and committed, every epoch counted: those that are left
     * (see {@link TrainingRun#tokensLeft}), and those that no committed checkpoint holds. It is positive until the last
     * checkpoint is committed, and 0 then, as it is while training cannot continue, whatever the reason.
     *
     * @return empty while the checkpoint to resume from cannot be read
     */
    OptionalLong backlog() {
        if (phase instanceof AwaitingCheckpoint) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(phase.run().map(this::backlog).orElse(0L));
    }

    private long backlog(TrainingRun run) {
        long uncommitted = lineage.lackedTokens(run.cursor().tokensTrained());
        RunState state = state();
        if (state instanceof RunState.Training) {
            return Math.max(1, run.tokensLeft() + uncommitted);
        }
        boolean ended = state instanceof RunState.Done;
        return ended && uncommitted(run) != Uncommitted.NOTHING ? Math.max(1, uncommitted) : 0;
    }

    /** How training stands at this moment. */
    TrainingProgress liveProgress() {
        return progress.live(phase.run(), state());
    }

    /** Perplexity of the last completed epoch; NaN before the first. */
    double perplexity() {
        return phase.run().map(run -> run.cursor().perplexity()).orElse(Double.NaN);
    }

    /** Perplexity on the held-out tokens after the last completed epoch; NaN when there is none. */
    double validationPerplexity() {
        return phase.run().map(run -> run.cursor().validationPerplexity()).orElse(Double.NaN);
    }

    /** Releases the model: nobody asks for it any more. What was committed stays. */
    @Override
    public void close() {
        discardRun();
    }

    /** Back to the start, without a run; what was committed stays. */
    private void discardRun() {
        phase.run().ifPresent(run -> {
            run.close();
            uncommittedEpochs.clear();
        });
        phase = new NotRequested(Optional.empty());
    }
}
