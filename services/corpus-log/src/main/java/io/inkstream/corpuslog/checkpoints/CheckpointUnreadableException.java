package io.inkstream.corpuslog.checkpoints;

import io.inkstream.platform.InkstreamException;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint that cannot be read whole from the checkpoints topic. The message names topic, partition, offset and key,
 * and what is wrong there.
 */
public final class CheckpointUnreadableException extends InkstreamException {

    private final boolean lasting;

    /** What is in the topic is at fault. */
    public CheckpointUnreadableException(String message) {
        super(message);
        this.lasting = true;
    }

    /**
     * It could not be read.
     *
     * @param lasting true when reading it again would have the same result
     */
    CheckpointUnreadableException(String message, boolean lasting, @Nullable Throwable cause) {
        super(message, cause);
        this.lasting = lasting;
    }

    /** True when what is in the topic is at fault; false when Kafka is unavailable. */
    public boolean lasting() {
        return lasting;
    }
}
