package io.inkstream.corpuslog.checkpoints;

import java.io.IOException;
import java.io.InputStream;

/**
 * Makes something of a checkpoint file while it is read.
 *
 * @param <T> what
 */
@FunctionalInterface
public interface CheckpointParser<T> {

    /**
     * Reads the file. What it returns is thrown away if the file turns out to be damaged.
     *
     * @param bytes how many the file should have
     * @throws IOException if the stream throws it, or ends too soon
     * @throws RuntimeException if the file is not of the kind that is expected
     */
    T parse(InputStream file, long bytes) throws IOException;
}
