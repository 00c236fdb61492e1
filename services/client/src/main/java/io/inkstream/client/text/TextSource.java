package io.inkstream.client.text;

import io.inkstream.platform.InkstreamException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * A text that can be read more than once, so that all of it is checked before the first record is sent.
 *
 * @param name what it is called in messages
 * @param contents opens it
 */
public record TextSource(String name, Contents contents) {

    private static final int BUFFER = 64 * 1024;

    /** Opens a text at its beginning. */
    @FunctionalInterface
    public interface Contents {
        /** Opens it; the caller closes it. */
        InputStream open() throws IOException;
    }

    /**
     * A text file.
     *
     * @throws InkstreamException if it is missing, a folder or not readable
     */
    public static TextSource file(Path file) {
        if (!Files.exists(file)) {
            throw new InkstreamException("There is no file %s: check the path.".formatted(file));
        }
        if (Files.isDirectory(file)) {
            throw new InkstreamException("%s is a folder: name one text file in it.".formatted(file));
        }
        if (!Files.isReadable(file)) {
            throw new InkstreamException("%s cannot be read: check its permissions.".formatted(file));
        }
        return new TextSource(file.toString(), () -> Files.newInputStream(file));
    }

    /** A text in memory. */
    public static TextSource words(String name, String words) {
        return new TextSource(name, () -> new ByteArrayInputStream(words.getBytes(StandardCharsets.UTF_8)));
    }

    /** A text on the class path. */
    public static TextSource resource(String name, String resource) {
        return new TextSource(name, () -> TextSource.class.getResourceAsStream(resource));
    }

    /**
     * Reads it once to see that it can be produced.
     *
     * @return its number of characters (Unicode code points)
     * @throws InkstreamException if it is empty, is not UTF-8, or has a line that is too long for a record
     */
    public long check() {
        Utf8Scanner utf8 = new Utf8Scanner();
        LineRecords lines = new LineRecords(name, record -> {});
        read((bytes, count) -> {
            utf8.scan(bytes, 0, count);
            requireUtf8(utf8, name);
            lines.add(bytes, 0, count);
        });
        utf8.end();
        requireUtf8(utf8, name);
        lines.end();
        if (utf8.codePoints() == 0) {
            throw new InkstreamException("%s is empty: name a file with text in it.".formatted(name));
        }
        return utf8.codePoints();
    }

    /** Cuts it into record values of whole lines, in order. */
    public void records(Consumer<byte[]> records) {
        LineRecords lines = new LineRecords(name, records);
        read((bytes, count) -> lines.add(bytes, 0, count));
        lines.end();
    }

    static void requireUtf8(Utf8Scanner utf8, String name) {
        if (utf8.invalidAt() != Utf8Scanner.NONE) {
            throw new InkstreamException(
                    "%s is not UTF-8 text: the byte at position %,d belongs to no character; convert it, for instance with 'iconv -t UTF-8'."
                            .formatted(name, utf8.invalidAt()));
        }
    }

    private void read(Piece piece) {
        try (InputStream in = contents.open()) {
            byte[] buffer = new byte[BUFFER];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                piece.read(buffer, count);
            }
        } catch (NoSuchFileException e) {
            throw new InkstreamException("%s was deleted while it was read.".formatted(name), e);
        } catch (IOException e) {
            throw new InkstreamException("%s cannot be read: %s.".formatted(name, e.getMessage()), e);
        }
    }

    @FunctionalInterface
    private interface Piece {
        void read(byte[] bytes, int count);
    }
}
