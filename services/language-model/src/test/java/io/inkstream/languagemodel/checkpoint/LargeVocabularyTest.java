package io.inkstream.languagemodel.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** As many words as a large corpus has; takes long, and most of a heap of 1 GB. */
@Tag("full")
class LargeVocabularyTest {

    private static final int WORDS = 2_000_000;

    @Test
    void aCheckpointOfTwoMillionWordsIsRead() {
        assertKnowsAll(Checkpoint.read(
                CheckpointProperties.checkpoint(words(), List.of()).write()));
    }

    @Test
    void anExportedModelOfTwoMillionWordsIsRead() {
        assertKnowsAll(ModelFile.read(CheckpointProperties.checkpoint(words(), List.of())
                .modelFile("sha")
                .toByteArray()));
    }

    private static void assertKnowsAll(Checkpoint read) {
        List<String> words = words();
        assertThat(read.vocabulary().entries().equals(words)).isTrue();
    }

    private static List<String> words() {
        return IntStream.range(0, WORDS).mapToObj(i -> "wörd" + i).toList();
    }
}
