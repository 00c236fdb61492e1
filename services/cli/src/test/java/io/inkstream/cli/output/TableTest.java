package io.inkstream.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TableTest {

    @Test
    void alignsNumbersToTheRightAndWordsToTheLeft() {
        Table table = new Table("CORPUS", "TOKENS", "STATE")
                .row("wells", "178,979", "training")
                .row("塔", "7", "-");
        assertThat(table.lines())
                .containsExactly("CORPUS   TOKENS  STATE", "wells   178,979  training", "塔             7  -");
    }
}
