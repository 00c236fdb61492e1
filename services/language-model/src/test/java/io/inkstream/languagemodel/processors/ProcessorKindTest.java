package io.inkstream.languagemodel.processors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import io.inkstream.languagemodel.EnginesUnderTest;
import io.inkstream.languagemodel.engine.EngineKind;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The numerical tests for a kind of processor actually run on its kernels. */
@Numerical
class ProcessorKindTest {

    @Test
    void usesTheRequestedKernels() throws IOException {
        // Given
        Optional<ProcessorKind> requested = ProcessorKind.requested();
        assumeTrue(
                requested.isPresent(), "PyTorch was not asked for any: -Pfull does, through " + ProcessorKind.VARIABLE);

        // When
        EnginesUnderTest.open(EngineKind.PYTORCH);

        // Then
        assertThat(capability()).isEqualTo(requested.orElseThrow().capability());
    }

    private static String capability() throws IOException {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
                InputStream module = ProcessorKindTest.class.getResourceAsStream("/processors/cpu_capability.pt");
                PtSymbolBlock block = JniUtils.loadModule((PtNDManager) manager, module, false, false);
                IValue answer = block.forward()) {
            return answer.toStringValue();
        }
    }
}
