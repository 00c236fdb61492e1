package io.inkstream.client.files;

import io.inkstream.platform.InkstreamException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A file to write; an existing one is replaced.
 *
 * @param path where
 */
public record OutputFile(Path path) {

    private static final String NOT_WRITABLE =
            "%s cannot be written: name a file in a folder that exists and that you may write to.";

    /**
     * Fails early, before a long training rather than after it.
     *
     * @throws InkstreamException if no file can be written there
     */
    public void requireWritable() {
        if (isDevice() ? !Files.isWritable(path) : Files.isDirectory(path) || !isFolderWritable()) {
            throw notWritable();
        }
    }

    /**
     * Writes it to a temporary file in the same folder and renames that, so that no reader sees an incomplete file.
     *
     * @throws InkstreamException if it cannot be written
     */
    public void write(Content content) {
        requireWritable();
        try {
            if (isDevice()) {
                writeTo(path, content); // /dev/stdout, a named pipe: nothing that may be replaced
            } else {
                replace(target(), content);
            }
        } catch (AccessDeniedException | NoSuchFileException e) {
            throw notWritable(e); // their messages are only the name of the file
        } catch (IOException e) {
            throw new InkstreamException("%s cannot be written: %s.".formatted(path, e.getMessage()), e);
        }
    }

    /**
     * Writes these bytes.
     *
     * @throws InkstreamException if it cannot be written
     */
    public void write(byte[] content) {
        write(out -> out.write(content));
    }

    /**
     * Writes it as UTF-8.
     *
     * @throws InkstreamException if it cannot be written
     */
    public void write(String content) {
        write(content.getBytes(StandardCharsets.UTF_8));
    }

    private InkstreamException notWritable() {
        return new InkstreamException(NOT_WRITABLE.formatted(path));
    }

    private InkstreamException notWritable(Exception cause) {
        return new InkstreamException(NOT_WRITABLE.formatted(path), cause);
    }

    private static void writeTo(Path file, Content content) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            content.writeTo(out);
        }
    }

    private static void replace(Path target, Content content) throws IOException {
        Path temporary = target.resolveSibling(".%s.%d.part"
                .formatted(target.getFileName(), ProcessHandle.current().pid()));
        try {
            writeTo(temporary, content);
            Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private boolean isFolderWritable() {
        try {
            Path folder = target().getParent();
            return folder != null && Files.isDirectory(folder) && Files.isWritable(folder);
        } catch (IOException e) {
            return false; // a link without a target
        }
    }

    /** The target of a symbolic link, which stays as it is. */
    private Path target() throws IOException {
        return Files.exists(path) ? path.toRealPath() : path.toAbsolutePath();
    }

    private boolean isDevice() {
        return Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path);
    }

    /** What a file is to hold. */
    @FunctionalInterface
    public interface Content {

        /** Writes all of it. */
        void writeTo(OutputStream out) throws IOException;
    }
}
