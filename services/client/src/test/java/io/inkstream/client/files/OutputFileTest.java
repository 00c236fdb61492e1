package io.inkstream.client.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.inkstream.platform.InkstreamException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class OutputFileTest {

    @TempDir
    Path folder;

    @Test
    void replacesAnOlderFileAndLeavesNothingElseBehind() throws IOException {
        // Given
        Path file = Files.writeString(folder.resolve("report.json"), "an older and longer report");

        // When
        new OutputFile(file).write("{}\n");

        // Then
        assertThat(file).hasContent("{}\n");
        assertThat(list()).containsExactly(file);
    }

    @Test
    void saysWhatToDoWhereItCannotBeWritten() {
        // Given
        Path nowhere = folder.resolve("none").resolve("report.json");

        // Then
        for (Path path : List.of(nowhere, folder, Path.of("/"))) {
            assertThatThrownBy(() -> new OutputFile(path).requireWritable())
                    .isInstanceOf(InkstreamException.class)
                    .hasMessage(path
                            + " cannot be written: name a file in a folder that exists and that you may write to.");
            assertThatThrownBy(() -> new OutputFile(path).write("{}")).isInstanceOf(InkstreamException.class);
        }
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void writesThroughALinkAndKeepsIt() throws IOException {
        // Given
        Path target = Files.writeString(
                Files.createDirectory(folder.resolve("elsewhere")).resolve("old.json"), "old");
        Path link = Files.createSymbolicLink(folder.resolve("report.json"), target);

        // When
        new OutputFile(link).write("new");

        // Then
        assertThat(link).isSymbolicLink();
        assertThat(target).hasContent("new");
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aDeviceIsWrittenToAndNotReplaced() {
        // Given
        Path device = Path.of("/dev/null");
        assumeThat(Files.isRegularFile(device)).isFalse();

        // When
        new OutputFile(device).write("lost");

        // Then
        assertThat(Files.isRegularFile(device)).isFalse();
        assertThat(device).exists();
    }

    private List<Path> list() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
