package io.inkstream.lessons.presets;

import java.util.Optional;

/**
 * A prefix that a preset's model completes.
 *
 * @param text the prefix, in characters of the model's vocabulary
 * @param published what the published model wrote after it; empty when that is not known
 */
public record Prefix(String text, Optional<String> published) {

    public Prefix {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("A prefix must have at least one character");
        }
    }

    /** A prefix with the published completion. */
    static Prefix published(String text, String completion) {
        return new Prefix(text, Optional.of(completion));
    }

    /** A prefix that no completion is published of. */
    static Prefix unpublished(String text) {
        return new Prefix(text, Optional.empty());
    }
}
