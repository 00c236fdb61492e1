package io.inkstream.cli.options;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EpochChoiceTest {

    @Test
    void takesTheRequestedNumber() {
        assertThat(EpochChoice.requested(7).inWords()).isEqualTo("7 epochs");
    }

    @Test
    void trainsAShortTextAsThePublishedResultsDo() {
        assertThat(EpochChoice.forTraining(10_000).epochs()).isEqualTo(500);
        assertThat(EpochChoice.forTraining(0).epochs()).isEqualTo(500);
    }

    @Test
    void trainsABookOnAboutFiveMillionTokens() {
        EpochChoice choice = EpochChoice.forTraining(170_000);
        assertThat(choice.epochs()).isEqualTo(29);
        assertThat(choice.inWords())
                .isEqualTo("29 epochs (chosen so that about 4,900,000 tokens are trained in all; --epochs changes it)");
    }

    @Test
    void trainsALibraryForAtLeastTenEpochs() {
        assertThat(EpochChoice.forTraining(50_000_000).epochs()).isEqualTo(10);
    }

    @Test
    void aDemoTrainsForAboutHalfAMinute() {
        EpochChoice choice = EpochChoice.forDemo(20_000);
        assertThat(choice.epochs()).isEqualTo(70);
        assertThat(choice.inWords()).isEqualTo("70 epochs");
    }

    @Test
    void aDemoTrainsAFewWordsForAtMostFiveHundredEpochs() {
        assertThat(EpochChoice.forDemo(1_200).epochs()).isEqualTo(500);
        assertThat(EpochChoice.forDemo(0).epochs()).isEqualTo(500);
    }
}
