package io.inkstream.languagemodel.pytorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.inkstream.languagemodel.Deviations;
import io.inkstream.languagemodel.GoldenRun;
import io.inkstream.languagemodel.engine.EngineSettings;
import io.inkstream.languagemodel.processors.Numerical;
import io.inkstream.languagemodel.sampling.Minibatch;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The logits before the first step, compared with those of PyTorch. */
@Numerical
class RecurrentNetworkTest {

    @ParameterizedTest
    @MethodSource("io.inkstream.languagemodel.GoldenRun#names")
    void predictsLikePyTorch(String name) throws IOException {
        // Given
        GoldenRun golden = GoldenRun.read(name);
        Minibatch first = golden.minibatch(0);
        PyTorchEngine engine = PyTorchEngine.open(EngineSettings.Device.CPU, 1);
        engine.useThreads();
        Deviations deviations = new Deviations(name);

        // When
        try (NDManager manager = engine.newMemory();
                RecurrentNetwork network = new RecurrentNetwork(manager, golden.shape(), golden.initialParameters())) {
            NDArray tokens = manager.create(first.inputs(), new Shape(first.window(), first.lanes()));
            NDList result = network.hiddenStates(tokens, network.zeroState(manager, first.lanes()));

            // Then
            deviations.absolute(
                    "logits",
                    DeviceTensors.read(network.logits(result.get(0))),
                    golden.file().tensor("logits"));
        }
        deviations.requireAtMost(Map.of("logits", 5e-6));
    }
}
