package io.inkstream.languagemodel.pytorch;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.languagemodel.engine.TrainedNetwork;
import io.inkstream.languagemodel.network.Tensor;
import org.junit.jupiter.api.Test;

class DeviceLossesTest {

    @Test
    void aVeryLongEpochReportsTheLossesOfItsFirstSteps() {
        assertThat(new DeviceLosses(Tensor.zeros(TrainedNetwork.MAX_STEP_LOSSES - 1)).hasRoom())
                .isTrue();
        assertThat(new DeviceLosses(Tensor.zeros(TrainedNetwork.MAX_STEP_LOSSES)).hasRoom())
                .isFalse();
    }
}
