package io.inkstream.languagemodel.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.inkstream.languagemodel.checkpoint.Checkpoint;
import io.inkstream.languagemodel.corpus.Corpus;
import io.inkstream.languagemodel.engine.EngineKind;
import io.inkstream.languagemodel.engine.EngineSettings;
import io.inkstream.languagemodel.engine.EngineUnavailableException;
import io.inkstream.languagemodel.network.Cell;
import io.inkstream.languagemodel.pytorch.PyTorchEngine;
import io.inkstream.languagemodel.sampling.Sampler;
import io.inkstream.languagemodel.settings.NetworkSettings;
import io.inkstream.languagemodel.settings.OptimizerRule;
import io.inkstream.languagemodel.settings.OptimizerSettings;
import io.inkstream.languagemodel.settings.SamplingSettings;
import io.inkstream.languagemodel.settings.TrainingSettings;
import org.junit.jupiter.api.Test;

/** Which engine trains an epoch, and with how many threads. */
class EnginesTest {

    private static final EngineSettings ANY_THREADS = EngineSettings.of("pytorch", "cpu", 0);

    @Test
    void theJavaEngineHasNoGpu() {
        assertThatThrownBy(() -> EngineSettings.of("java", "gpu", 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "The java engine computes on the CPU: use engine pytorch (or auto) for a GPU, or device cpu");
        assertThat(EngineSettings.of("java", "auto", 0).engine()).contains(EngineKind.JAVA);
        assertThat(EngineSettings.of("auto", "gpu", 0).engine()).isEmpty();
    }

    @Test
    void aModelKeepsItsThreadsUntilOthersAreConfigured() {
        // Given a model that was trained with two threads
        Corpus corpus = corpus();
        TrainingRun run = TrainingRun.begin(corpus, settings(), new Engines(EngineSettings.of("pytorch", "cpu", 2)));
        steps(run, 5);
        Checkpoint checkpoint = run.checkpoint().orElseThrow();
        run.close();

        // When, Then
        TrainingRun resumed = TrainingRun.resume(corpus, checkpoint, new Engines(ANY_THREADS));
        steps(resumed, 40);
        assertThat(resumed.checkpoint().orElseThrow().threads()).isEqualTo(2);
        TrainingRun requested =
                TrainingRun.resume(corpus, checkpoint, new Engines(EngineSettings.of("pytorch", "cpu", 1)));
        steps(requested, 2);
        assertThat(requested.checkpoint().orElseThrow().threads())
                .as("the epoch under way is finished as it began")
                .isEqualTo(2);
        steps(requested, 38);
        assertThat(requested.checkpoint().orElseThrow().threads()).isEqualTo(1);
        resumed.close();
        requested.close();
    }

    @Test
    void anEpochWaitsForTheEngineThatItWasBegunWith() {
        // Given an epoch that was begun with PyTorch, and a machine that has no GPU but is to use one
        assumeFalse(PyTorchEngine.findsGpu());
        Corpus corpus = corpus();
        TrainingRun run = TrainingRun.begin(corpus, settings(), new Engines(EngineSettings.of("pytorch", "cpu", 1)));
        steps(run, 5);
        Checkpoint checkpoint = run.checkpoint().orElseThrow();
        run.close();
        Engines withoutGpu = new Engines(EngineSettings.of("pytorch", "gpu", 1));

        // When
        try (TrainingRun resumed = TrainingRun.resume(corpus, checkpoint, withoutGpu)) {
            assertThat(resumed.step()).isEmpty();

            // Then
            assertThat(resumed.state())
                    .isInstanceOfSatisfying(RunState.Failed.class, failed -> assertThat(failed.error())
                            .startsWith("epoch 1 was begun with the pytorch engine and has to be finished with it: "
                                    + "PyTorch finds no GPU: use device cpu or auto"));
            assertThat(resumed.cursor()).isEqualTo(checkpoint.cursor());
        }
        assertThatThrownBy(withoutGpu::configured).isInstanceOf(EngineUnavailableException.class);
    }

    private static Corpus corpus() {
        GrowingText text = new GrowingText(600);
        Corpus corpus = text.corpus();
        text.arrive(corpus, 600);
        return corpus;
    }

    private static TrainingSettings settings() {
        return new TrainingSettings(
                NetworkSettings.of(Cell.GRU, 16),
                SamplingSettings.of(Sampler.Method.SEQUENTIAL, 4, 9),
                new OptimizerSettings(OptimizerRule.ADAM, 0.01, 1),
                1_000,
                7);
    }

    private static void steps(TrainingRun run, int steps) {
        for (int i = 0; i < steps; i++) {
            run.step();
        }
    }
}
