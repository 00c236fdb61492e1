package io.inkstream.generator.requests;

import org.apache.kafka.common.TopicPartition;

/** A request's place in its partition, from when it is read until it is answered. Made by {@link RequestOffsets}. */
public final class Ticket {

    /** What became of the request. */
    enum State {
        /** It is to be answered. */
        UNDER_WAY,
        /** Its answer is in the log. */
        ANSWERED,
        /** Its partition was taken away: whoever has that now answers it. */
        DROPPED
    }

    private final RequestOffsets offsets;
    private final TopicPartition partition;
    private final long offset;
    private final long bytes;
    private volatile State state = State.UNDER_WAY;
    private boolean waitsForRegistry;

    Ticket(RequestOffsets offsets, TopicPartition partition, long offset, long bytes) {
        this.offsets = offsets;
        this.partition = partition;
        this.offset = offset;
        this.bytes = bytes;
    }

    /** Whether nothing can be done for it before the registry answers. */
    public void waitsForRegistry(boolean waits) {
        offsets.waitsForRegistry(this, waits);
    }

    /** Its answer is in the log. */
    public void answered() {
        offsets.move(this, State.ANSWERED);
    }

    /** False when nobody here needs to answer it any more. */
    public boolean isUnderWay() {
        return state == State.UNDER_WAY;
    }

    TopicPartition partition() {
        return partition;
    }

    long offset() {
        return offset;
    }

    State state() {
        return state;
    }

    void state(State next) {
        state = next;
    }

    /** The size of what is kept of it. */
    long bytes() {
        return bytes;
    }

    boolean isWaitingForRegistry() {
        return waitsForRegistry;
    }

    void setWaitingForRegistry(boolean waits) {
        waitsForRegistry = waits;
    }
}
