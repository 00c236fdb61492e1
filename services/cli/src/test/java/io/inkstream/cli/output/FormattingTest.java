package io.inkstream.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FormattingTest {

    @Test
    void aPerplexityHasTheDigitsThatMatter() {
        assertThat(Formatting.perplexity(1.3064)).isEqualTo("1.306");
        assertThat(Formatting.perplexity(28.04)).isEqualTo("28.0");
        assertThat(Formatting.perplexity(3.18e45)).isEqualTo("3.2e+45");
        assertThat(Formatting.perplexity(null)).isEqualTo("-");
    }

    @Test
    void heldOutTextIsTakenNoteOfWhereThereIsSome() {
        assertThat(Formatting.perplexities(1.3, null)).isEqualTo("1.300");
        assertThat(Formatting.perplexities(1.3, 14.21)).isEqualTo("1.300 (held out 14.2)");
    }
}
