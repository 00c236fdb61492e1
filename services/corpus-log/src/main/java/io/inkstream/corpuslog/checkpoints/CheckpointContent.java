package io.inkstream.corpuslog.checkpoints;

import java.io.IOException;
import java.io.OutputStream;

/** What a checkpoint file holds, ready to be written; need not be there as a whole. */
@FunctionalInterface
public interface CheckpointContent {

    /**
     * Writes all of it.
     *
     * @throws IOException if the stream throws it
     */
    void writeTo(OutputStream out) throws IOException;
}
