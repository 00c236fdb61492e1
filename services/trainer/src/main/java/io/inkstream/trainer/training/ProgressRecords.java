package io.inkstream.trainer.training;

import io.inkstream.corpuslog.tokens.CorpusTokens;
import io.inkstream.languagemodel.checkpoint.Cursor;
import io.inkstream.languagemodel.settings.SamplingSettings;
import io.inkstream.languagemodel.training.CompletedEpoch;
import io.inkstream.languagemodel.training.Engines;
import io.inkstream.languagemodel.training.RunState;
import io.inkstream.languagemodel.training.TrainingRun;
import io.inkstream.schemas.ProgressKind;
import io.inkstream.schemas.TrainingProgress;
import io.inkstream.schemas.TrainingState;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The progress records of one corpus: its epochs, and how training stands at a moment. */
final class ProgressRecords {

    private final CorpusTokens tokens;
    private final Engines engines;
    private final TrainingSpeed speed;

    ProgressRecords(CorpusTokens tokens, Engines engines, TrainingSpeed speed) {
        this.tokens = tokens;
        this.engines = engines;
        this.speed = speed;
    }

    /** Live progress: how training stands now. */
    TrainingProgress live(Optional<TrainingRun> run, RunState state) {
        TrainingProgress.Builder progress =
                TrainingProgress.newBuilder().setKind(ProgressKind.LIVE).setState(named(state));
        run.ifPresentOrElse(
                active -> progress.setEpochsLeft(active.epochsLeft())
                        .setVocabularySize(active.vocabularySize())
                        .setUnknownTokens(active.unknownTokens())
                        .setGradientNorm(finite(active.gradientNorm())),
                () -> progress.setEpochsLeft(0).setVocabularySize(0).setUnknownTokens(0));
        if (state instanceof RunState.Waiting waiting) {
            progress.setMessage(waiting.reason());
        } else if (state instanceof RunState.Failed failed) {
            progress.setMessage(failed.error());
        }
        return at(progress, run.map(TrainingRun::cursor).orElse(Cursor.START), run);
    }

    /** An epoch that a run has completed. */
    TrainingProgress epoch(TrainingRun run, CompletedEpoch epoch) {
        return at(
                TrainingProgress.newBuilder()
                        .setKind(ProgressKind.EPOCH)
                        .setState(TrainingState.TRAINING)
                        .setEpochsLeft(epoch.epochsLeft())
                        .setVocabularySize(epoch.vocabulary())
                        .setUnknownTokens(epoch.unknownTokens())
                        .setGradientNorm(finite(epoch.gradientNorm()))
                        .setStepLosses(epoch.stepLosses().asList()),
                epoch.cursor(),
                Optional.of(run));
    }

    private TrainingProgress at(TrainingProgress.Builder progress, Cursor cursor, Optional<TrainingRun> run) {
        return progress.setEpoch(cursor.epoch())
                .setStep(cursor.step())
                .setEpochTokens(run.map(active -> active.settings().sampling())
                        .filter(SamplingSettings::online)
                        .map(SamplingSettings::stretch)
                        .orElse(cursor.epochTokens()))
                .setKnownTokens(tokens.corpus().tokens().size())
                .setTokensTrained(cursor.tokensTrained())
                .setPerplexity(finite(cursor.perplexity()))
                .setValidationPerplexity(finite(cursor.validationPerplexity()))
                .setTokensPerSecond(speed.tokensPerSecond())
                .setDevice(run.flatMap(TrainingRun::device)
                        .orElseGet(() -> engines.configured().device()))
                .setAt(Instant.now())
                .build();
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

    /** null instead of a number that Avro's readers in other languages may reject. */
    private static @Nullable Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
