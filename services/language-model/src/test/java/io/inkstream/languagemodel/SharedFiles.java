package io.inkstream.languagemodel;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Finds files that tests use but the project does not include; without them a test is skipped, visibly. */
public final class SharedFiles {

    private SharedFiles() {}

    /** The folder of books: {@code INKSTREAM_BOOKS}, or {@code ../shared/books} beside the repository. */
    public static Path books() {
        return folder("INKSTREAM_BOOKS", "books");
    }

    /** The folder of vectors computed by PyTorch: {@code INKSTREAM_ORACLE}, or {@code ../shared/oracle}. */
    public static Path oracle() {
        return folder("INKSTREAM_ORACLE", "oracle");
    }

    private static Path folder(String variable, String name) {
        String configured = System.getenv(variable);
        Path folder = configured != null ? Path.of(configured) : Path.of("../../../shared", name);
        assumeTrue(
                Files.isDirectory(folder),
                "There is no " + folder.toAbsolutePath().normalize());
        return folder;
    }
}
