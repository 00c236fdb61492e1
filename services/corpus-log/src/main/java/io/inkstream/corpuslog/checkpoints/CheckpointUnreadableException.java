package io.inkstream.corpuslog.checkpoints;

import io.inkstream.platform.InkstreamException;

/**
 * A checkpoint that cannot be had whole from the checkpoints topic. The message names topic, partition, offset and key,
 * and what is wrong there.
 */
public final class CheckpointUnreadableException extends InkstreamException {

    private final boolean lasting;

    /** What lies in the topic is at fault. */
    public CheckpointUnreadableException(String message) {
        super(message);
        this.lasting = true;
    }

    /**
     * It could not be had.
     *
     * @param lasting whether reading it again would come to the same
     * @param cause may be null
     */
    CheckpointUnreadableException(String message, boolean lasting, Throwable cause) {
        super(message, cause);
        this.lasting = lasting;
    }

    /** True when what lies in the topic is at fault; false when Kafka did not answer, and may later. */
    public boolean lasting() {
        return lasting;
    }
}
