package io.inkstream.ingest.topology;

import static io.inkstream.ingest.topology.IngestUnderTest.bytes;
import static io.inkstream.ingest.topology.IngestUnderTest.header;
import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.languagemodel.text.Normalizer;
import io.inkstream.languagemodel.text.Reading;
import io.inkstream.languagemodel.text.Tokenizer;
import io.inkstream.schemas.CellKind;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.InitializationKind;
import io.inkstream.schemas.NormalizerKind;
import io.inkstream.schemas.OptimizerKind;
import io.inkstream.schemas.OutputKind;
import io.inkstream.schemas.SamplingKind;
import io.inkstream.schemas.TokenBlock;
import io.inkstream.schemas.TokenizerKind;
import io.inkstream.schemas.TrainingSpec;
import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kind of record that ingest rejects, and its dead letter. */
class DeadLettersTest {

    private static final String MESSAGE = "__streams.errors.message";

    private final IngestUnderTest ingest = new IngestUnderTest();

    @AfterEach
    void close() {
        ingest.close();
    }

    @Test
    void textWithoutAKey() {
        // Given
        byte[] value = bytes("The Time Traveller");
        // When
        ingest.text((byte[]) null, value);
        // Then
        TestRecord<byte[], byte[]> letter = ingest.onlyDeadLetter();
        assertThat(letter.key()).isNull();
        assertThat(letter.value()).isEqualTo(value);
        assertThat(header(letter, MESSAGE)).contains("has no key and no header inkstream.corpus");
        assertThat(ingest.counted("dead.letters", "reason", "no-key")).isOne();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "we\nlls", "we\0lls"})
    void anInvalidCorpusName(String name) {
        // When
        ingest.text(name, "text");
        // Then
        TestRecord<byte[], byte[]> letter = ingest.onlyDeadLetter();
        assertThat(letter.key()).isEqualTo(bytes(name));
        assertThat(header(letter, MESSAGE)).startsWith("The key");
        assertThat(ingest.blocks()).isEmpty();
    }

    @Test
    void aCorpusNameThatIsTooLong() {
        // Given
        String longest = "ü".repeat(100);
        // When
        ingest.text(longest, "text").text(longest + "x", "text");
        // Then
        assertThat(header(ingest.onlyDeadLetter(), MESSAGE)).contains("201 bytes", "at most 200");
        assertThat(ingest.blocks()).hasSize(1);
    }

    @Test
    void aCorpusNameThatIsNotUtf8() {
        // When
        ingest.text(new byte[] {'w', (byte) 0xFC}, bytes("text"));
        // Then
        assertThat(header(ingest.onlyDeadLetter(), MESSAGE)).contains("The key is not UTF-8 at byte 1");
    }

    @Test
    void textWithoutAValue() {
        // When
        ingest.text("wells", null);
        // Then
        TestRecord<byte[], byte[]> letter = ingest.onlyDeadLetter();
        assertThat(letter.value()).isNull();
        assertThat(header(letter, MESSAGE)).contains("has no value");
    }

    @Test
    void textThatIsNotUtf8SaysWhereAndIsNeverReplaced() {
        // Given
        byte[] latin1 = {'c', 'a', 'f', (byte) 0xE9, ' ', 'n', 'o', 'i', 'r'};
        // When
        ingest.text(bytes("wells"), latin1).text("wells", "noir");
        // Then
        TestRecord<byte[], byte[]> letter = ingest.onlyDeadLetter();
        assertThat(letter.value()).isEqualTo(latin1);
        assertThat(header(letter, MESSAGE)).contains("not UTF-8 at byte 3 (0xE9)");
        assertThat(IngestUnderTest.read(ingest.blocks())).containsExactly("n", "o", "i", "r");
    }

    @Test
    void halfASurrogatePair() {
        // Given U+D83D as three bytes, which UTF-8 does not allow
        byte[] half = {'a', (byte) 0xED, (byte) 0xA0, (byte) 0xBD, 'b'};
        // When
        ingest.text(bytes("wells"), half);
        // Then no token is half a pair
        assertThat(header(ingest.onlyDeadLetter(), MESSAGE)).contains("not UTF-8 at byte 1 (0xED)");
        assertThat(ingest.blocks()).isEmpty();
    }

    @Test
    void textThatEndsWithinACharacter() {
        // Given
        byte[] cut = {'a', (byte) 0xE6, (byte) 0x9D};
        // When
        ingest.text(bytes("li"), cut);
        // Then
        assertThat(header(ingest.onlyDeadLetter(), MESSAGE)).contains("not UTF-8 at byte 1 (0xE6)");
    }

    @Test
    void aPicture() {
        // Given
        byte[] jpeg = {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF, (byte) 0xE0, 0, 16, 'J', 'F', 'I', 'F', 0};
        // When
        ingest.text(bytes("wells"), jpeg);
        // Then
        assertThat(header(ingest.onlyDeadLetter(), MESSAGE)).contains("not UTF-8 at byte 0 (0xFF)");
        assertThat(ingest.counted("dead.letters", "reason", "invalid-utf8")).isOne();
    }

    @Test
    void aWordThatIsTooLongIsNotAddedToTheVocabulary() {
        // Given
        ingest.spec("wells", TokenizerKind.WORDS, NormalizerKind.VERBATIM);
        // When
        ingest.text("wells", "some " + "x".repeat(1_001)).text("wells", "x".repeat(1_000));
        // Then
        assertThat(header(ingest.onlyDeadLetter(), MESSAGE)).contains("more than 1000 bytes", "CHARACTERS");
        assertThat(ingest.blocks().get(0).getNewEntries()).containsExactly("x".repeat(1_000), "\n");
    }

    @Test
    void aChangeOfTheTokenizerAfterTheFirstText() {
        // Given
        ingest.text("wells", "The Time");
        byte[] change = ingest.specBytes(TokenizerKind.WORDS, NormalizerKind.LETTERS);
        // When
        ingest.spec(bytes("wells"), change).text("wells", "Machine");
        // Then
        TestRecord<byte[], byte[]> letter = ingest.onlyDeadLetter();
        assertThat(letter.value()).isEqualTo(change);
        assertThat(header(letter, MESSAGE))
                .contains(
                        "'wells'",
                        "the tokenizer CHARACTERS and the normalizer LETTERS;",
                        "cannot change to the tokenizer WORDS");
        assertThat(String.join("", IngestUnderTest.read(ingest.blocks()))).isEqualTo("the time machine");
    }

    @Test
    void aChangeOfNfcAfterTheFirstText() {
        // Given
        ingest.text("wells", "The Time");
        // When
        ingest.spec("wells", new Reading(Tokenizer.CHARACTERS, Normalizer.LETTERS, true, List.of()))
                .text("wells", "cafe\u0301");
        // Then
        assertThat(header(ingest.onlyDeadLetter(), MESSAGE))
                .contains("cannot change to the tokenizer CHARACTERS and the normalizer LETTERS, in NFC:");
        assertThat(IngestUnderTest.read(ingest.blocks())).endsWith("c", "a", "f", "e", "\u0301");
    }

    @Test
    void aChangeOfTheReservedTokensAfterTheFirstText() {
        // Given
        ingest.spec("wells", new Reading(Tokenizer.CHARACTERS, Normalizer.VERBATIM, false, List.of("<eos>", "<pad>")))
                .text("wells", "a<eos>");
        // When
        ingest.spec("wells", new Reading(Tokenizer.CHARACTERS, Normalizer.VERBATIM, false, List.of("<pad>", "<eos>")))
                .spec("wells", Reading.of(Tokenizer.CHARACTERS, Normalizer.VERBATIM))
                .text("wells", "b<eos>");
        // Then
        assertThat(ingest.deadLetters()).hasSize(2).allSatisfy(letter -> assertThat(header(letter, MESSAGE))
                .contains("'wells'", "with the reserved tokens [<eos>, <pad>]; this cannot change"));
        assertThat(IngestUnderTest.read(ingest.blocks())).containsExactly("a", "<eos>", "\n", "b", "<eos>", "\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            CHARACTERS | <eos>,<eos> | The reserved token '<eos>' is listed twice
            CHARACTERS | <unk>       | <unk> always has the id 0 and need not be reserved
            CHARACTERS | ' '         | A reserved token must not be blank
            BYTES      | <eos>       | A token of the tokenizer BYTES is one byte, so '<eos>' cannot be reserved
            """)
    void aSpecWithTokensThatCannotBeReserved(TokenizerKind tokenizer, String reserved, String message) {
        // Given
        byte[] spec = ingest.specBytes(CorpusSpec.newBuilder()
                .setTokenizer(tokenizer)
                .setNormalizer(NormalizerKind.VERBATIM)
                .setReservedTokens(List.of(reserved.split(",")))
                .build());
        // When
        ingest.spec(bytes("wells"), spec).text("wells", "as if it were not there");
        // Then
        TestRecord<byte[], byte[]> letter = ingest.onlyDeadLetter();
        assertThat(letter.value()).isEqualTo(spec);
        assertThat(header(letter, MESSAGE)).isEqualTo(message + ": publish a spec with other reserved tokens.");
        assertThat(ingest.counted("dead.letters", "reason", "reserved-tokens")).isOne();
        assertThat(ingest.blocks()).hasSize(1);
    }

    @Test
    void anInvalidSpecDoesNotReplaceThePreviousOne() {
        // Given
        ingest.spec("wells", TokenizerKind.WORDS, NormalizerKind.VERBATIM);
        byte[] impossible = ingest.specBytes(CorpusSpec.newBuilder()
                .setTokenizer(TokenizerKind.CHARACTERS)
                .setNormalizer(NormalizerKind.VERBATIM)
                .setTraining(TrainingSpec.newBuilder()
                        .setCell(CellKind.GRU)
                        .setHidden(0)
                        .setOutput(OutputKind.LINEAR)
                        .setInitialization(InitializationKind.PYTORCH)
                        .setSampling(SamplingKind.SEQUENTIAL)
                        .setOptimizer(OptimizerKind.SGD)
                        .build())
                .build());
        // When
        ingest.spec(bytes("wells"), impossible).text("wells", "two words");
        // Then
        TestRecord<byte[], byte[]> letter = ingest.onlyDeadLetter();
        assertThat(letter.value()).isEqualTo(impossible);
        assertThat(header(letter, MESSAGE))
                .isEqualTo("The spec cannot be trained: hidden must be at least 1, not 0. Publish one with another "
                        + "value; until then the previous spec applies.");
        assertThat(ingest.counted("dead.letters", "reason", "training-values")).isOne();
        assertThat(IngestUnderTest.read(ingest.blocks())).containsExactly("two", "words", "\n");
    }

    @Test
    void aSpecThatCannotBeDecoded() {
        // Given
        byte[] broken = bytes("{\"tokenizer\": \"WORDS\"}");
        // When
        ingest.spec(bytes("wells"), broken).text("wells", "still read");
        // Then
        TestRecord<byte[], byte[]> letter = ingest.onlyDeadLetter();
        assertThat(letter.key()).isEqualTo(bytes("wells"));
        assertThat(letter.value()).isEqualTo(broken);
        assertThat(header(letter, MESSAGE)).isNotBlank();
        assertThat(ingest.counted("dead.letters", "reason", "undecodable-spec")).isOne();
        assertThat(ingest.blocks()).hasSize(1);
    }

    @Test
    void aSpecWithoutAKey() {
        // When
        ingest.spec(null, ingest.specBytes(TokenizerKind.WORDS, NormalizerKind.LETTERS));
        // Then
        assertThat(header(ingest.onlyDeadLetter(), MESSAGE)).contains("has no key");
    }

    @Test
    void aDeadLetterHasTheOriginalRecordAndItsOffset() {
        // Given
        RecordHeaders own = new RecordHeaders();
        own.add("title", bytes("The Time Machine"));
        ingest.text("wells", "first");
        // When
        ingest.text(new TestRecord<>(null, bytes("text"), own, IngestUnderTest.WHEN));
        // Then
        TestRecord<byte[], byte[]> letter = ingest.onlyDeadLetter();
        assertThat(header(letter, "title")).isEqualTo("The Time Machine");
        assertThat(header(letter, "__streams.errors.exception")).endsWith("RejectedRecordException");
        assertThat(header(letter, "__streams.errors.topic")).isEqualTo("inkstream.text");
        assertThat(header(letter, "__streams.errors.partition")).isEqualTo("0");
        assertThat(header(letter, "__streams.errors.offset")).isEqualTo("1");
        assertThat(letter.getRecordTime()).isEqualTo(IngestUnderTest.WHEN);
    }

    @Test
    void aRejectedRecordThatIsTooLargeForTheDeadLettersDoesNotStopThePartition() {
        // Given
        byte[] huge = new byte[3 * 1024 * 1024];
        // When
        ingest.text((byte[]) null, huge).text("wells", "later text");
        // Then
        TestRecord<byte[], byte[]> letter = ingest.onlyDeadLetter();
        assertThat(letter.value()).isNull();
        assertThat(header(letter, MESSAGE)).contains("3145728 bytes is too large");
        List<TokenBlock> blocks = ingest.blocks();
        assertThat(blocks).hasSize(1);
    }
}
