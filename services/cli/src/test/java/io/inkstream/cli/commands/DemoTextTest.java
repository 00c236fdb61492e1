package io.inkstream.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.schemas.NormalizerKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTextTest {

    @Test
    void theBuiltInStoryIsReadable() {
        DemoText story = DemoText.builtIn();
        assertThat(story.source().check()).isBetween(20_000L, 40_000L);
        assertThat(story.prefixes(NormalizerKind.LETTERS)).containsExactly("the old press", "the river");
    }

    @Test
    void cutsPrefixesOutOfTheTextAsTheModelReadsIt() {
        String text = "The Time Machine,\nby H. G. Wells.\nThe Traveller smiled round at us, and we at him.\n";
        assertThat(DemoText.cut(text, NormalizerKind.LETTERS)).containsExactly("the time", "the traveller");
    }

    @Test
    void cutsAFewCharactersWhereThereAreNoSpaces() {
        assertThat(DemoText.cut("床前明月光，疑是地上霜。", NormalizerKind.VERBATIM).get(0)).isEqualTo("床前明月");
    }

    @Test
    void namesTheCorpusAfterTheFile(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("War of the_Worlds.txt"), "x");
        assertThat(DemoText.of(file).corpus()).isEqualTo("war-of-the-worlds");
    }
}
