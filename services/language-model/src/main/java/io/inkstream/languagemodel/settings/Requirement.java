package io.inkstream.languagemodel.settings;

/** What a setting must fulfil. */
final class Requirement {

    private Requirement() {}

    /**
     * Does nothing when it holds.
     *
     * @throws IllegalArgumentException with this message when it does not
     */
    static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
