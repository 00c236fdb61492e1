package io.inkstream.languagemodel.bptt;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class WarmUpTest {

    @Test
    void trainsEachKindOfNetworkOnce() {
        assertThat(WarmUp.inBackground()).succeedsWithin(Duration.ofMinutes(1));
        assertThat(WarmUp.inBackground()).isSameAs(WarmUp.inBackground());
    }
}
