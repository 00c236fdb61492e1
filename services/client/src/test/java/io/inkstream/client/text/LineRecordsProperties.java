package io.inkstream.client.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class LineRecordsProperties {

    /** Lines short and long, with every kind of line end, the last with or without one. */
    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> line = Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(40).alpha().withChars(' ', 'ü', '塔'),
                Arbitraries.integers().between(10_000, 40_000).map("x"::repeat));
        Arbitrary<String> end = Arbitraries.of("\n", "\r\n", "\r");
        Arbitrary<String> lines = line.flatMap(text -> end.map(ending -> text + ending))
                .list()
                .ofMaxSize(30)
                .map(all -> String.join("", all));
        return lines.flatMap(text -> line.map(last -> text + last));
    }

    @Property(tries = 200)
    void theRecordsJoinedAreTheText(@ForAll("texts") String text, @ForAll @IntRange(min = 1, max = 70_000) int piece) {
        // When
        List<byte[]> records = cut(text, piece);

        // Then
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        records.forEach(joined::writeBytes);
        assertThat(joined.toString(StandardCharsets.UTF_8)).isEqualTo(text);
    }

    @Property(tries = 200)
    void everyRecordHoldsWholeLines(@ForAll("texts") String text, @ForAll @IntRange(min = 1, max = 70_000) int piece) {
        // When
        List<String> lines = cut(text, piece).stream()
                .flatMap(bytes -> new String(bytes, StandardCharsets.UTF_8).lines())
                .toList();

        // Then: a line, or a CRLF, that were cut in two would be two lines
        assertThat(lines).isEqualTo(text.lines().toList());
    }

    @Property(tries = 200)
    void onlyALongLineAloneMakesALargeRecord(@ForAll("texts") String text) {
        for (byte[] record : cut(text, 1000)) {
            if (record.length > LineRecords.USUAL_BYTES) {
                assertThat(new String(record, StandardCharsets.UTF_8).lines()).hasSize(1);
            }
        }
    }

    private static List<byte[]> cut(String text, int piece) {
        List<byte[]> records = new ArrayList<>();
        LineRecords lines = new LineRecords("the text", records::add);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int from = 0; from < bytes.length; from += piece) {
            lines.add(bytes, from, Math.min(piece, bytes.length - from));
        }
        lines.end();
        return records;
    }
}
