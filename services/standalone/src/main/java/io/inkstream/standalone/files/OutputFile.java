package io.inkstream.standalone.files;

import io.inkstream.platform.InkstreamException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A file that the user wants written; an older one is replaced.
 *
 * @param path where
 */
public record OutputFile(Path path) {

    /**
     * Fails early: at the end of a long training it would be a pity.
     *
     * @throws InkstreamException if no file can be written there
     */
    public void requireWritable() {
        Path folder = folder();
        if (folder == null || Files.isDirectory(path) || !Files.isDirectory(folder) || !Files.isWritable(folder)) {
            throw new InkstreamException(
                    "%s cannot be written: name a file in a folder that exists and that you may write to."
                            .formatted(path));
        }
    }

    /**
     * Writes it through a file beside it, so that no reader ever meets half of it.
     *
     * @throws InkstreamException if it cannot be written
     */
    public void write(byte[] content) {
        requireWritable();
        try {
            Path temporary = folder().resolve(".%s.%d.part"
                    .formatted(path.getFileName(), ProcessHandle.current().pid()));
            try {
                Files.write(temporary, content);
                Files.move(temporary, path, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw new InkstreamException("%s cannot be written: %s.".formatted(path, e.getMessage()), e);
        }
    }

    /**
     * Writes it as UTF-8.
     *
     * @throws InkstreamException if it cannot be written
     */
    public void write(String content) {
        write(content.getBytes(StandardCharsets.UTF_8));
    }

    private Path folder() {
        return path.toAbsolutePath().getParent();
    }
}
