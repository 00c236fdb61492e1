package io.inkstream.embedded.registry;

import java.util.Optional;

/** A change of the registry, as the log records it. */
sealed interface RegistryEvent {

    /** A version was registered, or its state changed. */
    record SchemaStored(StoredSchema schema) implements RegistryEvent {}

    /** A version was removed for good. */
    record SchemaRemoved(String subject, int version) implements RegistryEvent {}

    /** All versions of a subject, up to one, were deleted. */
    record SubjectDeleted(String subject, int lastVersion) implements RegistryEvent {}

    /** A compatibility level was set; without a subject: the level of all without one of their own. */
    record LevelSet(Optional<String> subject, CompatibilityLevel level) implements RegistryEvent {}

    /** A compatibility level was cleared. */
    record LevelCleared(Optional<String> subject) implements RegistryEvent {}

    /** A mode was set; without a subject: the mode of all without one of their own. */
    record ModeSet(Optional<String> subject, Mode mode) implements RegistryEvent {}

    /** A subject's mode was cleared. */
    record ModeCleared(Optional<String> subject) implements RegistryEvent {}

    /** Nothing that this registry keeps: a marker, or a setting of another registry. */
    record Ignored() implements RegistryEvent {}
}
