package io.inkstream.embedded.registry;

import java.util.function.Consumer;

/** The log that the registry's state is rebuilt from: what was appended comes back, in order, on every start. */
interface SchemaLog extends AutoCloseable {

    /**
     * Passes every entry to a reader, oldest first, and returns when the end is reached; entries that are appended later
     * reach the reader as well, from any thread but one at a time.
     *
     * @throws io.inkstream.platform.InkstreamException if the log cannot be read
     */
    void open(Consumer<LogEntry> reader);

    /**
     * Adds an entry, and returns when it is safe and the reader has seen it.
     *
     * @throws SchemaLogException if it could not be added, or its fate is unknown
     */
    void append(LogEntry entry);

    /** Releases everything; may be called twice, and without {@link #open}. */
    @Override
    void close();
}
