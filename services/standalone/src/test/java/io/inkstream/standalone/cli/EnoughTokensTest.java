package io.inkstream.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class EnoughTokensTest {

    @Test
    void isContentWithOneMinibatch() {
        assertThatCode(() -> EnoughTokens.require("'a.txt'", EnoughTokens.needed(32, 35), 32, 35))
                .doesNotThrowAnyException();
    }

    @Test
    void saysWhichSizesWouldFit() {
        assertThatThrownBy(() -> EnoughTokens.require("'a.txt'", 1_000, 32, 35))
                .hasMessage("'a.txt' has 1,000 tokens, and a minibatch of 32 lanes of 35 needs 1,156: "
                        + "take --batch 27 or --window 30, or more text.");
        assertThat(EnoughTokens.needed(27, 35)).isLessThanOrEqualTo(1_000);
        assertThat(EnoughTokens.needed(28, 35)).isGreaterThan(1_000);
        assertThat(EnoughTokens.needed(32, 30)).isLessThanOrEqualTo(1_000);
        assertThat(EnoughTokens.needed(32, 31)).isGreaterThan(1_000);
    }

    @Test
    void saysWhenNothingFits() {
        assertThatThrownBy(() -> EnoughTokens.require("'a.txt'", 16, 32, 35))
                .hasMessageContaining("--batch 1 --window 7");
        assertThatThrownBy(() -> EnoughTokens.require("'a.txt'", 2, 32, 35)).hasMessageEndingWith("give it more text.");
    }
}
