package io.inkstream.ingest.topology;

import static io.inkstream.ingest.topology.IngestUnderTest.bytes;
import static io.inkstream.ingest.topology.IngestUnderTest.read;
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
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Text in, token blocks out. */
class TokenBlocksTest {

    private static final int LARGEST_RECORD = 1024 * 1024;

    private final IngestUnderTest ingest = new IngestUnderTest();

    @AfterEach
    void close() {
        ingest.close();
    }

    @Test
    void theVocabularyGrowsFromRecordToRecord() {
        // When
        ingest.text("wells", "A b, a").text("wells", "B c!");
        // Then
        List<TokenBlock> blocks = ingest.blocks();
        assertThat(blocks).hasSize(2);
        assertThat(blocks.get(0).getNewEntries()).containsExactly("a", " ", "b");
        assertThat(blocks.get(0).getFirstNewId()).isOne();
        assertThat(blocks.get(0).getFirstPosition()).isZero();
        assertThat(blocks.get(0).getTokens()).containsExactly(1, 2, 3, 2, 1);
        assertThat(blocks.get(1).getNewEntries()).containsExactly("c");
        assertThat(blocks.get(1).getFirstNewId()).isEqualTo(4);
        assertThat(blocks.get(1).getFirstPosition()).isEqualTo(5);
        assertThat(blocks.get(1).getTokens()).containsExactly(2, 3, 2, 4);
        assertThat(ingest.stored("wells", 4)).isEqualTo("c");
    }

    @Test
    void aBlockRecordsTheOffsetOfItsText() {
        // When
        ingest.text((byte[]) null, bytes("rejected")).text("wells", "text");
        // Then
        TestRecord<String, TokenBlock> record = ingest.blockRecords().get(0);
        assertThat(record.key()).isEqualTo("wells");
        assertThat(record.getRecordTime()).isEqualTo(IngestUnderTest.WHEN);
        assertThat(record.value().getTextPartition()).isZero();
        assertThat(record.value().getTextOffset()).isOne();
        assertThat(record.value().getTokenizer()).isEqualTo(TokenizerKind.CHARACTERS);
        assertThat(record.value().getNormalizer()).isEqualTo(NormalizerKind.LETTERS);
    }

    @Test
    void aSpecBeforeTheTextDefinesHowItIsRead() {
        // Given
        ingest.spec("wells", TokenizerKind.WORDS, NormalizerKind.VERBATIM);
        // When
        ingest.text("wells", "The Time Machine,\nby H. G. Wells");
        // Then
        List<TokenBlock> blocks = ingest.blocks();
        assertThat(read(blocks)).containsExactly("The", "Time", "Machine,", "\n", "by", "H.", "G.", "Wells", "\n");
        assertThat(blocks.get(0).getTokenizer()).isEqualTo(TokenizerKind.WORDS);
        assertThat(blocks.get(0).getNormalizer()).isEqualTo(NormalizerKind.VERBATIM);
    }

    @Test
    void inNfcALetterAndItsAccentAreOneToken() {
        // Given
        ingest.spec("cafe", new Reading(Tokenizer.CHARACTERS, Normalizer.LETTERS, true, List.of()));
        // When
        ingest.text("cafe", "Un CAFE\u0301").text("cafe", "un caf\u00E9");
        // Then
        List<TokenBlock> blocks = ingest.blocks();
        assertThat(String.join("", read(blocks))).isEqualTo("un caf\u00E9 un caf\u00E9");
        assertThat(blocks.get(1).getNewEntries()).isEmpty();
        assertThat(blocks).allSatisfy(block -> assertThat(block.getNfc()).isTrue());
    }

    @Test
    void theVocabularyBeginsWithTheReservedTokens() {
        // Given
        ingest.spec("wells", new Reading(Tokenizer.CHARACTERS, Normalizer.VERBATIM, false, List.of("<pad>", "<eos>")));
        // When
        ingest.text("wells", "ab<eos>").text("wells", "b<pad>c");
        // Then
        List<TokenBlock> blocks = ingest.blocks();
        assertThat(blocks.get(0).getFirstNewId()).isOne();
        assertThat(blocks.get(0).getNewEntries()).containsExactly("<pad>", "<eos>", "a", "b", "\n");
        assertThat(blocks.get(0).getTokens()).containsExactly(3, 4, 2, 5);
        assertThat(blocks.get(1).getNewEntries()).containsExactly("c");
        assertThat(blocks.get(1).getTokens()).containsExactly(4, 1, 6, 5);
        assertThat(blocks)
                .allSatisfy(block -> assertThat(block.getReservedTokens()).containsExactly("<pad>", "<eos>"));
        assertThat(ingest.stored("wells", 2)).isEqualTo("<eos>");
    }

    @Test
    void textThatIsEmptyAfterNormalizationDoesNotFixTheReservedTokens() {
        // Given
        ingest.spec("wells", new Reading(Tokenizer.CHARACTERS, Normalizer.LETTERS, false, List.of("<eos>")))
                .text("wells", "1898");
        // When
        ingest.spec("wells", new Reading(Tokenizer.CHARACTERS, Normalizer.VERBATIM, false, List.of("1898", "18")))
                .text("wells", "189 1898");
        // Then
        assertThat(ingest.deadLetters()).isEmpty();
        assertThat(read(ingest.blocks())).containsExactly("18", "9", " ", "1898", "\n");
    }

    @Test
    void theStateRecordsHowACorpusIsRead() {
        // Given
        Reading reading =
                new Reading(Tokenizer.WORDS, Normalizer.VERBATIM, true, List.of("new york", "\"<eos>\"", "\u00FC"));
        // When
        ingest.spec("wells", reading).text("wells", "in new york").text("old", "text");
        // Then
        assertThat(ingest.state("wells").reading()).isEqualTo(reading);
        assertThat(ingest.state("old").reading()).isEqualTo(Reading.DEFAULT);
        assertThat(read(ingest.blocksOf("wells"))).containsExactly("in", "new york", "\n");
    }

    @Test
    void aSpecMayChangeEverythingUntilThereAreTokens() {
        // Given
        ingest.spec("li", TokenizerKind.WORDS, NormalizerKind.TIME_MACHINE).text("li", "李白");
        // When
        ingest.spec("li", TokenizerKind.CHARACTERS, NormalizerKind.VERBATIM).text("li", "李白");
        // Then
        assertThat(read(ingest.blocks())).containsExactly("李", "白", "\n");
        assertThat(ingest.deadLetters()).isEmpty();
    }

    @Test
    void acceptsASpecWithTheSameTokenizerAfterTheText() {
        // Given
        ingest.text("wells", "text");
        // When
        ingest.spec("wells", TokenizerKind.CHARACTERS, NormalizerKind.LETTERS).text("wells", "text");
        // Then
        assertThat(ingest.deadLetters()).isEmpty();
        assertThat(String.join("", read(ingest.blocks()))).isEqualTo("text text");
    }

    @Test
    void aTombstoneOfASpecChangesNothing() {
        // Given
        ingest.spec("wells", TokenizerKind.WORDS, NormalizerKind.VERBATIM);
        // When
        ingest.spec(bytes("wells"), null).text("wells", "two words");
        // Then
        assertThat(ingest.deadLetters()).isEmpty();
        assertThat(read(ingest.blocks())).containsExactly("two", "words", "\n");
    }

    @Test
    void emptyTextGivesNoBlocksAndNoError() {
        // When
        ingest.text("wells", "").text("wells", "1898\n".repeat(100)).text("wells", "a");
        // Then
        assertThat(ingest.deadLetters()).isEmpty();
        assertThat(read(ingest.blocks())).containsExactly("a");
        assertThat(ingest.counted("records.empty")).isEqualTo(2);
        assertThat(ingest.counted("records")).isEqualTo(3);
        assertThat(ingest.counted("tokens")).isOne();
        assertThat(ingest.counted("blocks")).isOne();
    }

    @Test
    void corporaDoNotMix() {
        // Given
        int corpora = 200;
        // When
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < corpora; i++) {
                ingest.text("corpus-" + i, Character.toString('a' + (i + round) % 26));
            }
        }
        // Then
        var byCorpus = ingest.blockRecords().stream()
                .collect(Collectors.groupingBy(
                        TestRecord::key, Collectors.mapping(TestRecord::value, Collectors.toList())));
        assertThat(byCorpus).hasSize(corpora);
        assertThat(String.join("", read(byCorpus.get("corpus-0")))).isEqualTo("a b c");
        assertThat(String.join("", read(byCorpus.get("corpus-25")))).isEqualTo("z a b");
    }

    @Test
    void corporaWithACommonNamePrefixDoNotMix() {
        // When
        ingest.text("a", "x".repeat(3)).text("a1", "yz").text("a", "w");
        // Then
        assertThat(ingest.stored("a", 1)).isEqualTo("x");
        assertThat(ingest.stored("a1", 1)).isEqualTo("y");
    }

    @ParameterizedTest
    @EnumSource(TokenizerKind.class)
    void aRecordOfTheLargestSizeFitsIntoBlocks(TokenizerKind tokenizer) {
        // Given
        ingest.spec("li", tokenizer, NormalizerKind.VERBATIM);
        String text = severalScripts();
        // When
        ingest.text("li", text);
        // Then
        List<TokenBlock> blocks = ingest.blocks();
        assertThat(ingest.deadLetters()).isEmpty();
        assertThat(blocks).allSatisfy(block -> {
            assertThat(block.getTokens()).hasSizeBetween(1, 32_768);
            assertThat(size(block)).isLessThan(768 * 1024);
        });
        assertThat(read(blocks)).isEqualTo(Tokenizer.valueOf(tokenizer.name()).cut(text + "\n"));
    }

    @Test
    void aMegabyteOfNewLongWordsFitsIntoBlocks() {
        // Given
        ingest.spec("words", TokenizerKind.WORDS, NormalizerKind.VERBATIM);
        String text = new Random(1)
                .ints(LARGEST_RECORD / 1_000)
                .mapToObj(i -> "%08x".formatted(i) + "y".repeat(991))
                .collect(Collectors.joining(" "));
        // When
        ingest.text("words", text);
        // Then
        List<TokenBlock> blocks = ingest.blocks();
        assertThat(blocks).hasSizeGreaterThan(3).allSatisfy(block -> assertThat(size(block))
                .isLessThan(512 * 1024));
        assertThat(String.join(" ", read(blocks))).isEqualTo(text + " \n");
    }

    @Test
    void aMegabyteWithoutWhiteSpaceIsReadAsCharacters() {
        // Given
        String text = "x".repeat(LARGEST_RECORD);
        // When
        ingest.text("x", text);
        // Then
        List<TokenBlock> blocks = ingest.blocks();
        assertThat(blocks).hasSize(LARGEST_RECORD / 32_768);
        assertThat(String.join("", read(blocks))).isEqualTo(text);
    }

    @Test
    void aSpecMayChangeTheTrainingAtAnyTime() {
        // Given
        ingest.text("wells", "text");
        CorpusSpec spec = CorpusSpec.newBuilder()
                .setTokenizer(TokenizerKind.CHARACTERS)
                .setNormalizer(NormalizerKind.LETTERS)
                .setTraining(TrainingSpec.newBuilder()
                        .setCell(CellKind.GRU)
                        .setOutput(OutputKind.LINEAR)
                        .setInitialization(InitializationKind.PYTORCH)
                        .setSampling(SamplingKind.RANDOM)
                        .setOptimizer(OptimizerKind.ADAM)
                        .build())
                .build();
        // When
        ingest.spec(
                bytes("wells"), AvroBytes.serde(CorpusSpec.class).serializer().serialize("", spec));
        // Then
        assertThat(ingest.deadLetters()).isEmpty();
    }

    private static int size(TokenBlock block) {
        return AvroBytes.serde(TokenBlock.class).serializer().serialize("", block).length;
    }

    /** A megabyte of UTF-8: ideographs, emoji, combining marks, one line in all. */
    private static String severalScripts() {
        Random random = new Random(7);
        StringBuilder text = new StringBuilder();
        HashSet<Integer> seen = new HashSet<>();
        for (int bytes = 0; bytes < LARGEST_RECORD - 16; ) {
            int codePoint = random.nextInt(100) < 70
                    ? 0x4E00 + random.nextInt(0x5000)
                    : random.nextBoolean() ? 0x1F300 + random.nextInt(0x200) : 0x300 + random.nextInt(0x60);
            seen.add(codePoint);
            text.appendCodePoint(codePoint);
            bytes += Character.toString(codePoint).getBytes(StandardCharsets.UTF_8).length;
            if (random.nextInt(20) == 0) {
                text.append(' ');
                bytes++;
            }
        }
        assertThat(seen).hasSizeGreaterThan(10_000);
        return text.toString();
    }
}
