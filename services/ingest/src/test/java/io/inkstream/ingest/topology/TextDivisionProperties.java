package io.inkstream.ingest.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.languagemodel.text.Normalizer;
import io.inkstream.languagemodel.text.Reading;
import io.inkstream.languagemodel.text.Tokenizer;
import io.inkstream.schemas.TokenBlock;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class TextDivisionProperties {

    @Property(tries = 60)
    void theSameLinesGiveTheSameTokensAndVocabulary(
            @ForAll("readings") Reading reading,
            @ForAll("lines") List<String> lines,
            @ForAll("cuts") List<Boolean> cuts) {
        // Given
        List<TokenBlock> atOnce = ingested(reading, List.of(String.join("", lines)));
        // When
        List<TokenBlock> spread = ingested(reading, records(lines, cuts));
        // Then
        assertThat(IngestUnderTest.read(spread)).isEqualTo(IngestUnderTest.read(atOnce));
        assertThat(vocabulary(spread)).isEqualTo(vocabulary(atOnce));
    }

    @Provide
    Arbitrary<List<String>> lines() {
        Arbitrary<String> words = Arbitraries.of(
                "The ", "Time", "1898 ", "…", "élan", "李白", "\uD83D\uDE00", " ", "e\u0301", "<eos>", "<e");
        return words.list()
                .ofMaxSize(5)
                .map(line -> String.join("", line) + "\n")
                .list()
                .ofMinSize(1)
                .ofMaxSize(8);
    }

    @Provide
    Arbitrary<Reading> readings() {
        return Combinators.combine(
                        Arbitraries.of(Tokenizer.class),
                        Arbitraries.of(Normalizer.class),
                        Arbitraries.of(true, false),
                        Arbitraries.of("the t", "e", "<eos>", "\u00E9lan", "me 1")
                                .set()
                                .ofMaxSize(3))
                .as((tokenizer, normalizer, nfc, reserved) -> new Reading(
                        tokenizer, normalizer, nfc, tokenizer == Tokenizer.BYTES ? List.of() : List.copyOf(reserved)));
    }

    @Provide
    Arbitrary<List<Boolean>> cuts() {
        return Arbitraries.of(true, false).list().ofSize(8);
    }

    private static List<TokenBlock> ingested(Reading reading, List<String> records) {
        try (IngestUnderTest ingest = new IngestUnderTest()) {
            ingest.spec("wells", reading);
            records.forEach(record -> ingest.text("wells", record));
            return ingest.blocks();
        }
    }

    private static List<String> records(List<String> lines, List<Boolean> cuts) {
        List<String> records = new ArrayList<>(List.of(""));
        for (int i = 0; i < lines.size(); i++) {
            records.set(records.size() - 1, records.get(records.size() - 1) + lines.get(i));
            if (cuts.get(i)) {
                records.add("");
            }
        }
        return records;
    }

    private static List<String> vocabulary(List<TokenBlock> blocks) {
        return blocks.stream().flatMap(block -> block.getNewEntries().stream()).toList();
    }
}
