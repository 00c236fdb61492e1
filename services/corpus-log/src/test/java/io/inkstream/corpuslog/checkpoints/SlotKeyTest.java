package io.inkstream.corpuslog.checkpoints;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlotKeyTest {

    @Test
    void theLastSlashCounts() {
        assertThat(SlotKey.parse("books/wells/1024")).contains(new SlotKey("books/wells", 1024));
        assertThat(SlotKey.parse("books//0")).contains(new SlotKey("books/", 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"wells/0", "books/wells/17", "a\nb/3"})
    void aKeyIsReadAsItIsWritten(String written) {
        assertThat(SlotKey.parse(written)).map(SlotKey::toString).contains(written);
    }

    @ParameterizedTest
    @ValueSource(strings = {"wells", "/3", "wells/", "wells/-1", "wells/03", "wells/x", "wells/99999999999", ""})
    void whatIsNoSlotIsNoKey(String written) {
        assertThat(SlotKey.parse(written)).isEmpty();
    }
}
