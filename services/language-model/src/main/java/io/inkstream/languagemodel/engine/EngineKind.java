package io.inkstream.languagemodel.engine;

import java.util.Locale;

/** The engines, as checkpoints record them. Both compute the same networks; the last bits of the results differ. */
public enum EngineKind {
    /** In Java, on a CPU. */
    JAVA,
    /** PyTorch, on a CPU or a GPU. */
    PYTORCH;

    /** Its name in settings, manifests and reports: {@code java} or {@code pytorch}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The engine with this name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static EngineKind of(String word) {
        for (EngineKind kind : values()) {
            if (kind.word().equals(word)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("There is no engine '%s'".formatted(word));
    }
}
