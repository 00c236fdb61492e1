package io.inkstream.lessons.presets;

/** How a preset stands to what is asked of it. */
public enum Verdict {
    KEPT,
    MISSED,
    /** It could not be run to its end. */
    FAILED,
    /** It was tried out with other epochs than its own, or with too few seeds. */
    NOT_JUDGED
}
