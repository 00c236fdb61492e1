package io.inkstream.languagemodel.decoding;

/** The state of a request. */
public enum GenerationState {
    /** More tokens follow. */
    RUNNING,
    /** The maximum number of tokens was generated. */
    LENGTH,
    /** A stop string appeared. */
    STOP,
    /** The text has more than {@link Generation#MAX_TEXT_LENGTH} characters and does not fit into a record. */
    TOO_LONG,
    /**
     * The logits are no longer finite, so there is no next token. It happens only to a network whose state can
     * grow without bound, as with relu.
     */
    DIVERGED;

    /** True while more tokens follow. */
    public boolean isRunning() {
        return this == RUNNING;
    }
}
