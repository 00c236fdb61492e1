package io.inkstream.platform.lifecycle;

/** A part of the pipeline that runs until it is closed. */
public interface Service extends AutoCloseable {

    /** Its name, as the command line and the metrics have it: ingest, trainer or generator. */
    String name();

    /**
     * Starts it and returns once its threads run; it need not be ready yet.
     *
     * @throws io.inkstream.platform.InkstreamException if it cannot start
     */
    void start();

    /** Its state at this moment; may be called from any thread, before the start and after the end. */
    Health health();

    /** Finishes what is in progress, commits, and releases everything; returns when that is done. May be called twice. */
    @Override
    void close();
}
