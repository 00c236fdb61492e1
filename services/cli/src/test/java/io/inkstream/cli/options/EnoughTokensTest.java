package io.inkstream.cli.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inkstream.languagemodel.sampling.Sampler;
import io.inkstream.languagemodel.settings.SamplingSettings;
import org.junit.jupiter.api.Test;

class EnoughTokensTest {

    private static SamplingSettings sampling(int batch, int window) {
        return SamplingSettings.of(Sampler.Method.SEQUENTIAL, batch, window);
    }

    @Test
    void isContentWithOneMinibatch() {
        assertThatCode(() -> EnoughTokens.require("'a.txt'", 1_156, sampling(32, 35)))
                .doesNotThrowAnyException();
    }

    @Test
    void saysWhichSizesWouldFit() {
        assertThatThrownBy(() -> EnoughTokens.require("'a.txt'", 1_000, sampling(32, 35)))
                .hasMessage("'a.txt' has 1,000 tokens, and a minibatch of 32 lanes of 35 needs 1,156: "
                        + "use --batch 27 or --window 30, or more text.");
        assertThat(sampling(27, 35).enough(1_000)).isTrue();
        assertThat(sampling(28, 35).enough(1_000)).isFalse();
        assertThat(sampling(32, 30).enough(1_000)).isTrue();
        assertThat(sampling(32, 31).enough(1_000)).isFalse();
    }

    @Test
    void countsWhatIsHeldOut() {
        assertThatThrownBy(() ->
                        EnoughTokens.require("'a.txt'", 1_200, sampling(32, 35).withValidation(0.1)))
                .hasMessage("'a.txt' has 1,200 tokens, of which 120 are held out, and a minibatch of 32 lanes of 35 "
                        + "needs 1,156 besides 2 held-out ones: use --batch 29 or --window 32, or more text.");
        assertThat(sampling(29, 35).withValidation(0.1).enough(1_200)).isTrue();
        assertThat(sampling(32, 32).withValidation(0.1).enough(1_200)).isTrue();
        assertThatThrownBy(() ->
                        EnoughTokens.require("'a.txt'", 1_200, sampling(32, 35).withValidation(0.001)))
                .hasMessageEndingWith("use a larger --validation, or more text.");
    }

    @Test
    void saysWhatPairsNeed() {
        SamplingSettings pairs = SamplingSettings.of(Sampler.Method.PAIRS, 1, 5);
        assertThat(pairs.enough(10)).isTrue();
        assertThatThrownBy(() -> EnoughTokens.require("'a.txt'", 9, pairs))
                .hasMessage("'a.txt' has 9 tokens, and a minibatch of 1 lane of 5 needs 10: "
                        + "use a smaller --batch or --window, or more text.");
    }

    @Test
    void saysWhenNothingFits() {
        assertThatThrownBy(() -> EnoughTokens.require("'a.txt'", 16, sampling(32, 35)))
                .hasMessageContaining("--batch 1 --window 7");
        assertThatThrownBy(() -> EnoughTokens.require("'a.txt'", 2, sampling(32, 35)))
                .hasMessageEndingWith("add more text.");
    }
}
