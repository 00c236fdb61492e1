package io.inkstream.embedded.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.apache.kafka.common.utils.Exit;
import org.junit.jupiter.api.Test;

class FatalFaultsTest {

    @Test
    void remembersTheFirstFatalFault() {
        try (FatalFaults faults = FatalFaults.watch()) {
            // When
            RuntimeException told =
                    faults.build("raft manager", true, () -> {}).handleFault("log is gone", new IOException("no disk"));
            RuntimeException later =
                    faults.build("metadata loading", true, () -> {}).handleFault("so this fails too", null);

            // Then
            assertThat(told).hasMessage("raft manager: log is gone").hasRootCauseMessage("no disk");
            assertThat(later).isNotSameAs(told);
            assertThat(faults.first()).containsSame(told);
        }
    }

    @Test
    void continuesAfterAFaultThatIsNotFatal() {
        try (FatalFaults faults = FatalFaults.watch()) {
            // When
            faults.build("metadata publishing", false, () -> {}).handleFault("one topic", new IOException("odd"));

            // Then
            assertThat(faults.first()).isEmpty();
        }
    }

    @Test
    void keepsTheProcessWhenKafkaWouldEndIt() {
        try (FatalFaults faults = FatalFaults.watch()) {
            // When, then
            assertThatThrownBy(() -> Exit.halt(1, "all log folders failed")).hasMessageContaining("all log folders");
            assertThat(faults.first()).isPresent();
        }
    }
}
