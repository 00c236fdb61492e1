package io.inkstream.languagemodel.decoding;

import io.inkstream.languagemodel.bptt.TimeStep;
import io.inkstream.languagemodel.bptt.Workers;
import java.util.List;

/**
 * Threads that share the requests of a batch. What is generated for a request depends neither on their number nor on which
 * thread computes it: see {@link Decoder}. Used by one thread at a time.
 */
public final class DecodingThreads implements AutoCloseable {

    /** A thread is worth its while with this many requests: a tile of the kernels. */
    private static final int FEWEST = 8;

    private final Workers workers;

    /**
     * Starts threads.
     *
     * @param count how many compute, the calling thread included; at least 1
     */
    public DecodingThreads(int count) {
        this.workers = new Workers("decoding", count);
    }

    /** As many threads as the JVM has cores. */
    public static DecodingThreads forEachCore() {
        return new DecodingThreads(Runtime.getRuntime().availableProcessors());
    }

    /** Reads more tokens of each request's prefix, as {@link Decoder#read}. */
    public void read(Decoder decoder, List<Generation> generations, int tokens) {
        share(generations, part -> decoder.read(part, tokens));
    }

    /** Generates one more token for each request, as {@link Decoder#step}. */
    public void step(Decoder decoder, List<Generation> generations) {
        share(generations, decoder::step);
    }

    @Override
    public void close() {
        workers.close();
    }

    private interface Computation {

        void on(List<Generation> part);
    }

    private void share(List<Generation> generations, Computation computation) {
        int size = generations.size();
        int share = (size + workers.count() - 1) / workers.count();
        int part = Math.max(FEWEST, Math.min(TimeStep.MAX_LANES, (share + FEWEST - 1) / FEWEST * FEWEST));
        if (size <= part) {
            computation.on(generations);
            return;
        }
        int parts = (size + part - 1) / part;
        workers.compute(
                parts,
                (kernels, unit) -> computation.on(generations.subList(unit * part, Math.min(size, (unit + 1) * part))));
    }
}
