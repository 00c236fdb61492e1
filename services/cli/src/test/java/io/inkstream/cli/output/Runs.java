package io.inkstream.cli.output;

import io.inkstream.client.CorpusRun;
import io.inkstream.lessons.presets.Outcome;
import io.inkstream.lessons.presets.Preset;
import io.inkstream.lessons.presets.SeedRun;
import io.inkstream.schemas.CellKind;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.Completion;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.FinishReason;
import io.inkstream.schemas.InitializationKind;
import io.inkstream.schemas.NormalizerKind;
import io.inkstream.schemas.OptimizerKind;
import io.inkstream.schemas.OutputKind;
import io.inkstream.schemas.ProgressKind;
import io.inkstream.schemas.SamplingKind;
import io.inkstream.schemas.TokenizerKind;
import io.inkstream.schemas.TrainingProgress;
import io.inkstream.schemas.TrainingSpec;
import io.inkstream.schemas.TrainingState;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Runs of presets that did not happen. */
public final class Runs {

    private static final Instant THEN = Instant.parse("2026-11-21T12:00:00Z");

    private Runs() {}

    /** A run that ended with a perplexity, null if that is not finite, and wrote these texts. */
    public static SeedRun of(long seed, Double perplexity, String... texts) {
        return new SeedRun(
                seed,
                "a-preset-" + seed,
                new CorpusRun.Learned(manifest(perplexity, seed), progress(), 1000.0 * seed),
                Arrays.stream(texts).map(Runs::completion).toList(),
                Duration.ofSeconds(40 + seed));
    }

    /** An outcome of all seeds, judged. */
    public static Outcome outcome(Preset preset, SeedRun... runs) {
        return new Outcome(preset, true, List.of(runs), Optional.empty());
    }

    private static Completion completion(String text) {
        return Completion.newBuilder()
                .setPrefix("time traveller")
                .setText(text)
                .setTokens(text.length())
                .setUnknownTokens(0)
                .setFinish(FinishReason.LENGTH)
                .setTemperature(0)
                .setMilliseconds(3)
                .build();
    }

    private static TrainingProgress progress() {
        return TrainingProgress.newBuilder()
                .setKind(ProgressKind.EPOCH)
                .setState(TrainingState.TRAINING)
                .setEpoch(500)
                .setEpochsLeft(0)
                .setStep(4_000)
                .setEpochTokens(10_000)
                .setKnownTokens(175_000)
                .setTokensTrained(5_000_000)
                .setVocabularySize(28)
                .setUnknownTokens(520)
                .setTokensPerSecond(0)
                .setDevice("cpu")
                .setAt(THEN)
                .build();
    }

    private static CheckpointManifest manifest(Double perplexity, long seed) {
        return CheckpointManifest.newBuilder()
                .setSha256("abc" + seed)
                .setWeightsSha256("def" + seed)
                .setBytes(356_056)
                .setSlot(1)
                .setCheckpointPartition(0)
                .setChunkOffsets(List.of(3L))
                .setStep(4_000)
                .setEpoch(500)
                .setPerplexity(perplexity)
                .setTokensTrained(5_000_000)
                .setFinished(true)
                .setVocabularySize(28)
                .setSpec(CorpusSpec.newBuilder()
                        .setTokenizer(TokenizerKind.CHARACTERS)
                        .setNormalizer(NormalizerKind.TIME_MACHINE)
                        .setTraining(TrainingSpec.newBuilder()
                                .setCell(CellKind.RNN_TANH)
                                .setOutput(OutputKind.LINEAR)
                                .setInitialization(InitializationKind.PYTORCH)
                                .setSampling(SamplingKind.SEQUENTIAL)
                                .setOptimizer(OptimizerKind.SGD)
                                .setSeed(seed)
                                .build())
                        .build())
                .setDevice("cpu")
                .setThreads(2)
                .setCreatedAt(THEN)
                .build();
    }
}
