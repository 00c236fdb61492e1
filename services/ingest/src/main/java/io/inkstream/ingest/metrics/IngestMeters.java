package io.inkstream.ingest.metrics;

import io.inkstream.ingest.rejection.Reason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * The metrics of ingest. A record that is read again after a transaction was aborted counts again: they measure work, not the
 * content of the topics.
 */
public final class IngestMeters {

    private final Counter records;
    private final Counter tokens;
    private final Counter blocks;
    private final Counter empty;
    private final Counter rerouted;
    private final Counter repeated;
    private final Counter lost;
    private final MeterRegistry registry;

    /** Registers the meters. */
    public IngestMeters(MeterRegistry registry) {
        this.registry = registry;
        records = counter("records", "Text records read").register(registry);
        tokens = counter("tokens", "Tokens written").register(registry);
        blocks = counter("blocks", "Token blocks written").register(registry);
        empty = counter("records.empty", "Text records that were empty after normalization")
                .register(registry);
        rerouted = counter("records.rerouted", "Records forwarded to the partition of their corpus")
                .register(registry);
        repeated = counter("records.repeated", "Records that were skipped because they had been read before")
                .register(registry);
        lost = counter("records.lost", "Maximum number of text records that were deleted before they were read")
                .register(registry);
        for (Reason reason : Reason.values()) {
            deadLetters(reason); // so that it is reported before it is counted
        }
    }

    /** Counts a text record. */
    public void record() {
        records.increment();
    }

    /** Counts a token block with this number of tokens. */
    public void block(int size) {
        blocks.increment();
        tokens.increment(size);
    }

    /** Counts a text record that is empty after normalization. */
    public void empty() {
        empty.increment();
    }

    /** Counts a record that was forwarded to its partition. */
    public void rerouted() {
        rerouted.increment();
    }

    /** Counts a record that was read before. */
    public void repeated() {
        repeated.increment();
    }

    /** Counts text records that were deleted before they were read. */
    public void lost(long records) {
        lost.increment((double) records);
    }

    /** Counts a record that was sent to the dead letters. */
    public void deadLetter(Reason reason) {
        deadLetters(reason).increment();
    }

    private Counter deadLetters(Reason reason) {
        return counter("dead.letters", "Records sent to the dead letters")
                .tag("reason", reason.tag())
                .register(registry);
    }

    private static Counter.Builder counter(String what, String description) {
        return Counter.builder("inkstream.ingest." + what).description(description);
    }
}
