package io.inkstream.ingest.metrics;

import io.inkstream.ingest.rejection.Reason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;

/**
 * What ingest counts. A record that is read again after a transaction was aborted counts again: these are figures of
 * work, not of the topics' content.
 */
public final class IngestMeters {

    private final Counter records;
    private final Counter tokens;
    private final Counter blocks;
    private final Counter empty;
    private final Counter rerouted;
    private final Counter repeated;
    private final Counter lost;
    private final Map<Reason, Counter> deadLetters = new EnumMap<>(Reason.class);

    /** Registers the meters. */
    public IngestMeters(MeterRegistry registry) {
        records = counter("records", "Text records read").register(registry);
        tokens = counter("tokens", "Tokens made").register(registry);
        blocks = counter("blocks", "Token blocks made").register(registry);
        empty = counter("records.empty", "Text records of which the normalizer left nothing")
                .register(registry);
        rerouted = counter("records.rerouted", "Records sent on to the partition of their corpus")
                .register(registry);
        repeated = counter("records.repeated", "Records that were read before, and are skipped")
                .register(registry);
        lost = counter("records.lost", "Text records that were deleted before they were read, at most so many")
                .register(registry);
        for (Reason reason : Reason.values()) {
            deadLetters.put(
                    reason,
                    counter("dead.letters", "Records sent to the dead letters")
                            .tag("reason", reason.tag())
                            .register(registry));
        }
    }

    /** Counts a text record. */
    public void record() {
        records.increment();
    }

    /** Counts a token block with so many tokens. */
    public void block(int size) {
        blocks.increment();
        tokens.increment(size);
    }

    /** Counts a text record of which nothing was left. */
    public void empty() {
        empty.increment();
    }

    /** Counts a record that was sent on to its partition. */
    public void rerouted() {
        rerouted.increment();
    }

    /** Counts a record that was read before. */
    public void repeated() {
        repeated.increment();
    }

    /** Counts records of text that cannot be read any more. */
    public void lost(long records) {
        lost.increment((double) records);
    }

    /** Counts a record that went to the dead letters. */
    public void deadLetter(Reason reason) {
        deadLetters.get(reason).increment();
    }

    private static Counter.Builder counter(String what, String description) {
        return Counter.builder("inkstream.ingest." + what).description(description);
    }
}
