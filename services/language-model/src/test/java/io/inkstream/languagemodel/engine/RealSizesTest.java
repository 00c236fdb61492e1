package io.inkstream.languagemodel.engine;

import io.inkstream.languagemodel.Deviations;
import io.inkstream.languagemodel.EnginesUnderTest;
import io.inkstream.languagemodel.LearnableText;
import io.inkstream.languagemodel.network.Cell;
import io.inkstream.languagemodel.network.Initialization;
import io.inkstream.languagemodel.network.ModelShape;
import io.inkstream.languagemodel.network.NetworkState;
import io.inkstream.languagemodel.processors.Numerical;
import io.inkstream.languagemodel.sampling.Minibatch;
import io.inkstream.languagemodel.settings.OptimizerRule;
import io.inkstream.languagemodel.settings.OptimizerSettings;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Consecutive steps of networks and windows as they are trained, compared element by element with those of PyTorch. */
@Numerical
class RealSizesTest {

    private static final int STEPS = 10;
    private static final int LANES = 32;
    private static final int WINDOW = 35;
    private static final int VOCABULARY = 28;

    @ParameterizedTest
    @CsvSource({
        "RNN_TANH, 1, 256, PYTORCH",
        "RNN_RELU, 1, 256, PYTORCH",
        "GRU, 1, 256, PYTORCH",
        "LSTM, 1, 256, PYTORCH",
        "RNN_TANH, 1, 512, NORMAL",
        "LSTM, 2, 256, PYTORCH"
    })
    void theJavaEngineTrainsLikePyTorch(Cell cell, int layers, int hidden, Initialization initialization) {
        // Given
        ModelShape shape = new ModelShape(cell, layers, hidden, 0, VOCABULARY);
        NetworkState start = NetworkState.initial(shape, initialization, 1);
        OptimizerSettings settings = new OptimizerSettings(OptimizerRule.SGD, 1, 1);
        Random random = new Random(1);
        Deviations deviations = new Deviations(shape.toString());

        // When
        try (TrainedNetwork ours = EnginesUnderTest.open(EngineKind.JAVA).network(start, OptimizerRule.SGD);
                TrainedNetwork theirs =
                        EnginesUnderTest.open(EngineKind.PYTORCH).network(start, OptimizerRule.SGD)) {
            for (int step = 1; step <= STEPS; step++) {
                Minibatch minibatch = LearnableText.minibatch(random, VOCABULARY, LANES, WINDOW, step == 1);
                ours.step(minibatch, settings, step);
                theirs.step(minibatch, settings, step);

                // Then
                deviations.relative("gradient norm", ours.gradientNorm(), theirs.gradientNorm());
            }
            float[] expected = theirs.stepLosses().values();
            float[] losses = ours.stepLosses().values();
            for (int step = 0; step < STEPS; step++) {
                deviations.relative("loss", losses[step], expected[step]);
            }
            NetworkState reference = theirs.state();
            ours.state()
                    .parameters()
                    .forEach((name, tensor) -> deviations.absolute(
                            "parameters", tensor, reference.parameters().get(name)));
            for (int i = 0; i < reference.carried().size(); i++) {
                deviations.absolute(
                        "states",
                        ours.state().carried().get(i),
                        reference.carried().get(i));
            }
        }
        deviations.requireAtMost(Map.of("loss", 1e-5, "gradient norm", 1e-5, "parameters", 5e-6, "states", 5e-6));
    }
}
