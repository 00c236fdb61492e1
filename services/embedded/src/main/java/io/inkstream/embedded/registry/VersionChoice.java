package io.inkstream.embedded.registry;

import java.util.List;
import java.util.OptionalInt;

/**
 * The requested version of a subject.
 *
 * @param number its number; empty: the latest
 */
record VersionChoice(OptionalInt number) {

    /**
     * Parses a part of a path: a number, {@code latest}, or -1 for the latest.
     *
     * @throws RegistryError 42202 if it is none of these
     */
    static VersionChoice parse(String text) {
        if (text.equals("latest") || text.equals("-1")) {
            return new VersionChoice(OptionalInt.empty());
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= 1) {
                return new VersionChoice(OptionalInt.of(number));
            }
        } catch (NumberFormatException e) {
            throw RegistryError.invalidVersion(text);
        }
        throw RegistryError.invalidVersion(text);
    }

    boolean isLatest() {
        return number.isEmpty();
    }

    /**
     * The version among the existing ones.
     *
     * @param versions oldest first, at least one
     * @throws RegistryError 40402 if it is not among them
     */
    StoredSchema from(List<StoredSchema> versions) {
        if (number.isEmpty()) {
            return versions.get(versions.size() - 1);
        }
        return versions.stream()
                .filter(version -> version.version() == number.getAsInt())
                .findFirst()
                .orElseThrow(() -> RegistryError.versionNotFound(number.getAsInt()));
    }
}
