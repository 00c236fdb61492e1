package io.inkstream.languagemodel.decoding;

/** How far a request is. */
public enum GenerationState {
    /** More tokens are to come. */
    UNDER_WAY,
    /** As many tokens were generated as were asked for. */
    LENGTH,
    /** A stop string came. */
    STOP,
    /** The text has more than {@link Generation#LONGEST_TEXT} characters: no record has room for it. */
    TOO_LONG,
    /**
     * The logits are no longer finite numbers, so there is no next token. It happens only to a network whose state can
     * grow without bound, as with relu.
     */
    DIVERGED;

    /** True while more tokens are to come. */
    public boolean underWay() {
        return this == UNDER_WAY;
    }
}
