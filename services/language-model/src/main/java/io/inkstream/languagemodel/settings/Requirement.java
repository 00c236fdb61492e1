package io.inkstream.languagemodel.settings;

/** Checks settings. */
final class Requirement {

    private Requirement() {}

    /**
     * Checks a condition.
     *
     * @throws IllegalArgumentException with this message when it does not hold
     */
    static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
