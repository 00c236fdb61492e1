package io.inkstream.ingest.topology;

import static io.inkstream.ingest.topology.IngestUnderTest.bytes;
import static io.inkstream.ingest.topology.IngestUnderTest.header;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Text whose corpus is in the header {@code inkstream.corpus}, as a connector that sets no key sends it. */
class CorpusHeaderTest {

    private static final String CORPUS = "inkstream.corpus";
    private static final String MESSAGE = "__streams.errors.message";

    private final IngestUnderTest ingest = new IngestUnderTest();

    @AfterEach
    void close() {
        ingest.close();
    }

    @Test
    void namesTheCorpusOfTextWithoutAKey() {
        // When
        ingest.text("wells", "The ").text(text(null, "Time ", "wells")).text("wells", "Machine");
        // Then the tokens are in the corpus, in order, and have its name as their key
        assertThat(String.join("", IngestUnderTest.read(ingest.blocksOf("wells"))))
                .isEqualTo("the time machine");
        assertThat(ingest.deadLetters()).isEmpty();
    }

    @Test
    void doesNotReplaceAKey() {
        // When
        ingest.text(text("verne", "Nautilus", "wells"));
        // Then
        assertThat(ingest.blockRecords()).singleElement().satisfies(block -> assertThat(block.key())
                .isEqualTo("verne"));
    }

    @Test
    void doesNotReplaceAnInvalidKeyEither() {
        // When
        ingest.text(text(" ", "Nautilus", "wells"));
        // Then
        assertThat(header(ingest.onlyDeadLetter(), MESSAGE)).contains("The key is empty or blank");
        assertThat(ingest.blocks()).isEmpty();
    }

    @Test
    void countsTheLastOfSeveral() {
        // When
        ingest.text(text(null, "Nautilus", "wells", "verne"));
        // Then
        assertThat(ingest.blockRecords()).singleElement().satisfies(block -> assertThat(block.key())
                .isEqualTo("verne"));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "  ", "we\nlls", "we\0lls"})
    void thatIsNotANameMakesADeadLetterOfTheUnchangedRecord(String name) {
        // When
        ingest.text(text(null, "The Time Traveller", name)).text("wells", "later");
        // Then
        TestRecord<byte[], byte[]> letter = ingest.onlyDeadLetter();
        assertThat(letter.key()).isNull();
        assertThat(letter.value()).isEqualTo(bytes("The Time Traveller"));
        assertThat(letter.headers().lastHeader(CORPUS).value()).isEqualTo(bytes(name));
        assertThat(header(letter, MESSAGE)).startsWith("The header inkstream.corpus ");
        assertThat(ingest.counted("dead.letters", "reason", "corpus-name")).isOne();
        assertThat(ingest.blocks()).hasSize(1);
    }

    @Test
    void thatIsTooLongOrNotUtf8IsReportedAsSuch() {
        // Given
        Headers latin1 = new RecordHeaders().add(CORPUS, "Müller".getBytes(StandardCharsets.ISO_8859_1));
        // When
        ingest.text(text(null, "text", "ü".repeat(100) + "x"));
        ingest.text(new TestRecord<>(null, bytes("text"), latin1, IngestUnderTest.WHEN));
        // Then
        List<TestRecord<byte[], byte[]>> letters = ingest.deadLetters();
        assertThat(letters).hasSize(2);
        assertThat(header(letters.get(0), MESSAGE)).contains("The header inkstream.corpus has 201 bytes");
        assertThat(header(letters.get(1), MESSAGE)).contains("The header inkstream.corpus is not UTF-8 at byte 1");
    }

    @Test
    void staysOnTheDeadLetterOfATextThatIsRejected() {
        // Given
        Headers wells = new RecordHeaders().add(CORPUS, bytes("wells"));
        // When
        ingest.text(new TestRecord<>(null, new byte[] {(byte) 0xFF}, wells, IngestUnderTest.WHEN));
        // Then it can be found by its corpus, and replayed
        TestRecord<byte[], byte[]> letter = ingest.onlyDeadLetter();
        assertThat(letter.key()).isNull();
        assertThat(header(letter, CORPUS)).isEqualTo("wells");
    }

    private static TestRecord<byte[], byte[]> text(String key, String value, String... corpora) {
        Headers headers = new RecordHeaders();
        for (String corpus : corpora) {
            headers.add(CORPUS, bytes(corpus));
        }
        return new TestRecord<>(bytes(key), bytes(value), headers, IngestUnderTest.WHEN);
    }
}
