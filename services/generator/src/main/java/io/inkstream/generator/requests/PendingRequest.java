package io.inkstream.generator.requests;

import org.apache.kafka.common.TopicPartition;

/** A request from when it is read until it is answered. Created by {@link RequestOffsets}. */
public final class PendingRequest {

    /** {@code PENDING ──► ANSWERED}, or {@code PENDING ──► DROPPED}. */
    enum State {
        /** It has to be answered. */
        PENDING,
        /** Its answer is written. */
        ANSWERED,
        /** Its partition was revoked: the new owner answers it. */
        DROPPED
    }

    private final RequestOffsets offsets;
    private final TopicPartition partition;
    private final long offset;
    private final long bytes;
    private volatile State state = State.PENDING;
    private boolean waitsForRegistry;

    PendingRequest(RequestOffsets offsets, TopicPartition partition, long offset, long bytes) {
        this.offsets = offsets;
        this.partition = partition;
        this.offset = offset;
        this.bytes = bytes;
    }

    /** Sets whether it cannot be processed before the registry answers. */
    public void waitsForRegistry(boolean waits) {
        offsets.waitsForRegistry(this, waits);
    }

    /** Reports that its answer is written. */
    public void answered() {
        offsets.complete(this, State.ANSWERED);
    }

    /** False when this generator no longer has to answer it. */
    public boolean isPending() {
        return state == State.PENDING;
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

    /** The size of its record. */
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
