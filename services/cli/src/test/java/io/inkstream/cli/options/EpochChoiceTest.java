package io.inkstream.cli.options;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class EpochChoiceTest {

    @Test
    void takesWhatWasAskedFor() {
        assertThat(EpochChoice.of(OptionalInt.of(7), 1_000_000).inWords()).isEqualTo("7 epochs");
    }

    @Test
    void trainsAShortTextAsThePublishedResultsDo() {
        assertThat(EpochChoice.of(OptionalInt.empty(), 10_000).epochs()).isEqualTo(500);
        assertThat(EpochChoice.of(OptionalInt.empty(), 0).epochs()).isEqualTo(500);
    }

    @Test
    void trainsABookOnAboutFiveMillionTokens() {
        EpochChoice choice = EpochChoice.of(OptionalInt.empty(), 170_000);
        assertThat(choice.epochs()).isEqualTo(29);
        assertThat(choice.inWords())
                .isEqualTo(
                        "29 epochs (chosen so that about 4,900,000 tokens are trained in all; --epochs sets another)");
    }

    @Test
    void trainsALibraryForAtLeastTenEpochs() {
        assertThat(EpochChoice.of(OptionalInt.empty(), 50_000_000).epochs()).isEqualTo(10);
    }
}
