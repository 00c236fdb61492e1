package io.inkstream.embedded.registry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.Incompatibility;

/** Which schemas may follow each other under a subject. */
enum CompatibilityLevel {
    /** Any. */
    NONE(false, false, false),
    /** The new schema reads what the latest one wrote. */
    BACKWARD(true, false, false),
    /** The new schema reads what any earlier one wrote. */
    BACKWARD_TRANSITIVE(true, false, true),
    /** The latest schema reads what the new one writes. */
    FORWARD(false, true, false),
    /** Every earlier schema reads what the new one writes. */
    FORWARD_TRANSITIVE(false, true, true),
    /** Backward and forward with the latest schema. */
    FULL(true, true, false),
    /** Backward and forward with every earlier schema. */
    FULL_TRANSITIVE(true, true, true);

    private final boolean backward;
    private final boolean forward;
    private final boolean transitive;

    CompatibilityLevel(boolean backward, boolean forward, boolean transitive) {
        this.backward = backward;
        this.forward = forward;
        this.transitive = transitive;
    }

    /** The level of a name, in any case. */
    static Optional<CompatibilityLevel> named(String name) {
        return Arrays.stream(values())
                .filter(level -> level.name().equals(name.toUpperCase(Locale.ROOT)))
                .findFirst();
    }

    /**
     * The incompatibilities of a new schema.
     *
     * @param offered the new schema
     * @param earlier the existing versions, oldest first
     * @return one sentence for each, the latest version's first; empty if it is compatible
     */
    List<String> faults(Schema offered, List<StoredSchema> earlier) {
        List<String> faults = new ArrayList<>();
        if (this == NONE) {
            return faults;
        }
        for (int i = earlier.size() - 1; i >= 0; i--) {
            faults.addAll(faults(offered, earlier.get(i)));
            if (!transitive) {
                break;
            }
        }
        return faults;
    }

    private List<String> faults(Schema offered, StoredSchema earlier) {
        String name = "version %d of subject %s".formatted(earlier.version(), earlier.subject());
        Optional<Schema> known = earlier.avro();
        if (known.isEmpty()) {
            return List.of(
                    "%s cannot be compared with: it is of type %s or has references".formatted(name, earlier.type()));
        }
        List<String> faults = new ArrayList<>();
        if (backward) {
            describe(faults, "the new schema cannot read what %s wrote".formatted(name), offered, known.get());
        }
        if (forward) {
            describe(faults, "%s cannot read what the new schema writes".formatted(name), known.get(), offered);
        }
        return faults;
    }

    private static void describe(List<String> faults, String what, Schema reader, Schema writer) {
        for (Incompatibility fault : SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
                .getResult()
                .getIncompatibilities()) {
            faults.add("%s: %s at %s: %s".formatted(what, fault.getType(), fault.getLocation(), fault.getMessage()));
        }
    }
}
