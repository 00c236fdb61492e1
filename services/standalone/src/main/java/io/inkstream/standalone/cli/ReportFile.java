package io.inkstream.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.inkstream.platform.InkstreamException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that a command writes its outcome to, as JSON. */
final class ReportFile {

    private ReportFile() {}

    /**
     * Fails early: at the end of a long training it would be a pity.
     *
     * @throws InkstreamException if no file can be written there
     */
    static void requireWritable(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        if (Files.isDirectory(file) || folder == null || !Files.isDirectory(folder) || !Files.isWritable(folder)) {
            throw new InkstreamException(
                    "The report cannot be written to %s: name a file in a folder that exists and that you may write to."
                            .formatted(file));
        }
    }

    /**
     * Writes it, in place of what was there.
     *
     * @throws InkstreamException if that is not possible
     */
    static void write(Path file, JsonNode report) {
        try {
            Files.writeString(file, JsonOutput.pretty(report) + "\n", StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new InkstreamException("The report cannot be written to %s: %s.".formatted(file, e.getMessage()), e);
        }
    }
}
