package io.inkstream.ingest;

import io.inkstream.platform.InkstreamException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder for temporary files, which is deleted when it is closed.
 *
 * @param path of the folder
 */
record TemporaryFolder(Path path) implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(TemporaryFolder.class);

    /**
     * Creates a folder.
     *
     * @throws InkstreamException if it cannot be created
     */
    static TemporaryFolder create() {
        try {
            return new TemporaryFolder(Files.createTempDirectory("inkstream-ingest-"));
        } catch (IOException e) {
            throw new InkstreamException(
                    "No temporary folder can be created in %s (%s): free some space there, or choose another folder with -Djava.io.tmpdir."
                            .formatted(System.getProperty("java.io.tmpdir"), e.getMessage()),
                    e);
        }
    }

    @Override
    public void close() {
        if (Files.notExists(path)) {
            return; // Kafka Streams removes an empty state folder itself
        }
        try (Stream<Path> tree = Files.walk(path)) {
            for (Path file : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            log.atWarn().addKeyValue("folder", path).setCause(e).log("Temporary folder could not be deleted");
        }
    }
}
