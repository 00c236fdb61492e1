package io.inkstream.testsupport;

import java.nio.file.Path;

/** The folder of the books that the project does not ship. */
public final class Books {

    private Books() {}

    /** {@code INKSTREAM_BOOKS}, or {@code ../shared/books} beside the repository; it need not exist. */
    public static Path folder() {
        String configured = System.getenv("INKSTREAM_BOOKS");
        return (configured != null ? Path.of(configured) : Path.of("../../../shared/books"))
                .toAbsolutePath()
                .normalize();
    }
}
