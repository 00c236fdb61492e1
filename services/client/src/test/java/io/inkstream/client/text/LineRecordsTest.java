package io.inkstream.client.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inkstream.platform.InkstreamException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineRecordsTest {

    private final List<String> records = new ArrayList<>();
    private final LineRecords lines =
            new LineRecords("poem.txt", record -> records.add(new String(record, StandardCharsets.UTF_8)));

    @Test
    void holdsBackWhatMayStillGrow() {
        // Given
        add("one\ntwo\nthr");

        // When
        lines.flushLines();

        // Then
        assertThat(records).containsExactly("one\ntwo\n");
        lines.end();
        assertThat(records).containsExactly("one\ntwo\n", "thr");
    }

    @Test
    void doesNotFlushBetweenTheHalvesOfALineEnd() {
        // Given
        add("one\r");

        // When
        lines.flushLines();
        add("\ntwo");
        lines.end();

        // Then
        assertThat(records).containsExactly("one\r\ntwo");
    }

    @Test
    void givesALongLineARecordOfItsOwn() {
        // Given
        String longLine = "x".repeat(50_000) + "\n";

        // When
        add("before\n" + longLine + "after\n");
        lines.end();

        // Then
        assertThat(records).containsExactly("before\n", longLine, "after\n");
    }

    @Test
    void rejectsALineThatNoRecordCanHold() {
        add("short\n");
        assertThatThrownBy(() -> add("x".repeat(LineRecords.MOST_BYTES + 1)))
                .isInstanceOf(InkstreamException.class)
                .hasMessage("Line 2 of poem.txt has more than 1,000,000 bytes, and a record must hold whole lines: "
                        + "break it, for instance with 'fold -s -w 1000'.");
    }

    @Test
    void makesNoRecordOfNothing() {
        lines.flushLines();
        lines.end();
        assertThat(records).isEmpty();
    }

    private void add(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        lines.add(bytes, 0, bytes.length);
    }
}
