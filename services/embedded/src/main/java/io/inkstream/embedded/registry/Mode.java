package io.inkstream.embedded.registry;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Whether schemas and compatibility levels may be changed. */
enum Mode {
    /** They may. */
    READWRITE,
    /** They may not; what is registered already is still found. */
    READONLY;

    /** The mode of a name, in any case. */
    static Optional<Mode> named(String name) {
        return Arrays.stream(values())
                .filter(mode -> mode.name().equals(name.toUpperCase(Locale.ROOT)))
                .findFirst();
    }
}
