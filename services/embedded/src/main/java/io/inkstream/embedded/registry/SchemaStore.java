package io.inkstream.embedded.registry;

import io.inkstream.embedded.registry.RegistryEvent.LevelCleared;
import io.inkstream.embedded.registry.RegistryEvent.LevelSet;
import io.inkstream.embedded.registry.RegistryEvent.ModeCleared;
import io.inkstream.embedded.registry.RegistryEvent.ModeSet;
import io.inkstream.embedded.registry.RegistryEvent.SchemaRemoved;
import io.inkstream.embedded.registry.RegistryEvent.SchemaStored;
import io.inkstream.embedded.registry.RegistryEvent.SubjectDeleted;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The current state of the registry: the sum of its events. Decides nothing. Safe for use by several threads.
 */
final class SchemaStore {

    private final NavigableMap<String, NavigableMap<Integer, StoredSchema>> subjects = new TreeMap<>();
    private final Map<Optional<String>, CompatibilityLevel> levels = new HashMap<>();
    private final Map<Optional<String>, Mode> modes = new HashMap<>();
    private int highestId;

    /** Applies an event. */
    synchronized void apply(RegistryEvent event) {
        if (event instanceof SchemaStored stored) {
            StoredSchema schema = stored.schema();
            subjects.computeIfAbsent(schema.subject(), s -> new TreeMap<>()).put(schema.version(), schema);
            highestId = Math.max(highestId, schema.id());
        } else if (event instanceof SchemaRemoved removed) {
            subjects.computeIfPresent(removed.subject(), (subject, versions) -> {
                versions.remove(removed.version());
                return versions.isEmpty() ? null : versions;
            });
        } else if (event instanceof SubjectDeleted deleted) {
            subjects.getOrDefault(deleted.subject(), new TreeMap<>())
                    .headMap(deleted.lastVersion(), true)
                    .replaceAll((version, schema) -> schema.withDeleted(true));
        } else if (event instanceof LevelSet set) {
            levels.put(set.subject(), set.level());
        } else if (event instanceof LevelCleared cleared) {
            levels.remove(cleared.subject());
        } else if (event instanceof ModeSet set) {
            modes.put(set.subject(), set.mode());
        } else if (event instanceof ModeCleared cleared) {
            modes.remove(cleared.subject());
        }
    }

    /** The subjects that have a version, in order of name. */
    synchronized List<String> subjects(boolean withDeleted) {
        return subjects.keySet().stream()
                .filter(subject -> !versions(subject, withDeleted).isEmpty())
                .toList();
    }

    /** The versions of a subject, oldest first; empty if the subject does not exist. */
    synchronized List<StoredSchema> versions(String subject, boolean withDeleted) {
        return subjects.getOrDefault(subject, new TreeMap<>()).values().stream()
                .filter(schema -> withDeleted || !schema.deleted())
                .toList();
    }

    /** All versions, of any subject, with an id. */
    synchronized List<StoredSchema> withId(int id) {
        return all().filter(schema -> schema.id() == id).toList();
    }

    /** The id of a schema that is held under any subject, deleted or not. */
    synchronized Optional<Integer> idOf(OfferedSchema offered) {
        return all().filter(schema -> schema.holds(offered))
                .map(StoredSchema::id)
                .min(Integer::compare);
    }

    /** An id that no schema has had. */
    synchronized int freeId() {
        return highestId + 1;
    }

    /** A version number that no version of the subject has. */
    synchronized int freeVersion(String subject) {
        NavigableMap<Integer, StoredSchema> versions = subjects.get(subject);
        return versions == null ? 1 : versions.lastKey() + 1;
    }

    /** The level that was set for a subject, or without a subject the global one. */
    synchronized Optional<CompatibilityLevel> level(Optional<String> subject) {
        return Optional.ofNullable(levels.get(subject));
    }

    /** The mode that was set for a subject, or without a subject the global one. */
    synchronized Optional<Mode> mode(Optional<String> subject) {
        return Optional.ofNullable(modes.get(subject));
    }

    private Stream<StoredSchema> all() {
        return subjects.values().stream().flatMap(versions -> versions.values().stream());
    }
}
