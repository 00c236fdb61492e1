package io.inkstream.client.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inkstream.platform.InkstreamException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextSourceTest {

    @TempDir
    Path folder;

    @Test
    void countsCharacters() throws IOException {
        assertThat(TextSource.file(write("塔ab\n".getBytes(StandardCharsets.UTF_8)))
                        .check())
                .isEqualTo(4);
    }

    @Test
    void rejectsAPictureAndNamesTheByte() throws IOException {
        Path picture = write(new byte[] {'a', 'b', (byte) 0xFF, (byte) 0xD8});
        assertThatThrownBy(() -> TextSource.file(picture).check())
                .isInstanceOf(InkstreamException.class)
                .hasMessageContaining("is not UTF-8 text: the byte at position 2 belongs to no character");
    }

    @Test
    void rejectsTextThatEndsWithinACharacter() throws IOException {
        Path half = write(new byte[] {'a', (byte) 0xE5, (byte) 0xA1});
        assertThatThrownBy(() -> TextSource.file(half).check()).hasMessageContaining("the byte at position 1");
    }

    @Test
    void rejectsAnEmptyFile() throws IOException {
        Path empty = write(new byte[0]);
        assertThatThrownBy(() -> TextSource.file(empty).check()).hasMessageContaining("is empty");
    }

    @Test
    void rejectsAFolder() {
        assertThatThrownBy(() -> TextSource.file(folder)).hasMessageContaining("is a folder: name one text file in it");
    }

    @Test
    void rejectsAMissingFile() {
        assertThatThrownBy(() -> TextSource.file(folder.resolve("none.txt")))
                .hasMessageStartingWith("There is no file ")
                .hasMessageEndingWith("none.txt: check the path.");
    }

    private Path write(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("text.txt"), bytes);
    }
}
