package io.inkstream.lessons.presets;

import io.inkstream.platform.InkstreamException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A book on the user's disk.
 *
 * @param book which book
 * @param path its file
 * @param sha1 SHA-1 of the file, in lower-case hexadecimal
 */
public record BookFile(Book book, Path path, String sha1) {

    /**
     * A file that is taken for the book, whatever it is called.
     *
     * @throws InkstreamException if it is not there or cannot be read, saying where one gets it
     */
    public static BookFile of(Book book, Path path) {
        if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
            throw new InkstreamException(
                    "There is no readable file %s, and it is to hold %s: %s (sha1 of the file that was measured on: %s). Name its folder with --books, or the file itself with --book."
                            .formatted(path, book.title(), book.origin(), book.sha1()));
        }
        return new BookFile(book, path, sha1(path));
    }

    /**
     * The book under its own name in a folder.
     *
     * @throws InkstreamException as for {@link #of}
     */
    public static BookFile in(Path folder, Book book) {
        return of(book, folder.resolve(book.fileName()));
    }

    /** True when it is the file that the figures were measured on, byte for byte. */
    public boolean isTheMeasuredOne() {
        return sha1.equals(book.sha1());
    }

    private static String sha1(Path path) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(Files.readAllBytes(path)));
        } catch (IOException e) {
            throw new InkstreamException("%s cannot be read: %s.".formatted(path, e.getMessage()), e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-1", e);
        }
    }
}
