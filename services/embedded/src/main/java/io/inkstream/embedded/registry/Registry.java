package io.inkstream.embedded.registry;

import io.inkstream.embedded.registry.RegistryEvent.LevelCleared;
import io.inkstream.embedded.registry.RegistryEvent.LevelSet;
import io.inkstream.embedded.registry.RegistryEvent.ModeCleared;
import io.inkstream.embedded.registry.RegistryEvent.ModeSet;
import io.inkstream.embedded.registry.RegistryEvent.SchemaRemoved;
import io.inkstream.embedded.registry.RegistryEvent.SchemaStored;
import io.inkstream.embedded.registry.RegistryEvent.SubjectDeleted;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The registry's rules. Changes are written to the log, and take effect once the log has them; queries are answered
 * from the state in memory. Changes are made one at a time. Every rejection is a {@link RegistryError}.
 */
final class Registry {

    private static final Logger log = LoggerFactory.getLogger(Registry.class);
    private static final CompatibilityLevel DEFAULT_LEVEL = CompatibilityLevel.BACKWARD;
    private static final Mode DEFAULT_MODE = Mode.READWRITE;

    private final SchemaStore store = new SchemaStore();
    private final SchemaLog schemaLog;

    Registry(SchemaLog schemaLog) {
        this.schemaLog = schemaLog;
    }

    /** Rebuilds the state from the log; to be called once, before anything else. */
    void open() {
        schemaLog.open(this::read);
    }

    private void read(LogEntry entry) {
        try {
            store.apply(LogFormat.decode(entry));
        } catch (IOException e) {
            // Another client has written to the topic. The other entries are valid.
            log.atWarn()
                    .addKeyValue("key", new String(entry.key(), StandardCharsets.UTF_8))
                    .addKeyValue("error", e.getMessage())
                    .log("Schema log entry skipped");
        }
    }

    List<String> subjects(boolean withDeleted) {
        return store.subjects(withDeleted);
    }

    /** Registers a schema, unless it is registered already; returns its id. */
    synchronized int register(String subject, OfferedSchema offered) {
        if (subject.isBlank() || subject.chars().anyMatch(Character::isISOControl)) {
            throw RegistryError.invalidSubject(subject);
        }
        List<StoredSchema> versions = store.versions(subject, false);
        Optional<StoredSchema> known =
                versions.stream().filter(version -> version.holds(offered)).findFirst();
        if (known.isPresent()) {
            return known.get().id();
        }
        requireWritable(subject);
        List<String> faults = effectiveLevel(subject).faults(offered.schema(), versions);
        if (!faults.isEmpty()) {
            throw RegistryError.incompatible(
                    "Schema being registered is incompatible with an earlier schema for subject \"%s\" (level %s): %s"
                            .formatted(subject, effectiveLevel(subject), String.join("; ", faults)));
        }
        StoredSchema stored = new StoredSchema(
                subject,
                store.freeVersion(subject),
                store.idOf(offered).orElseGet(store::freeId),
                StoredSchema.AVRO,
                offered.text(),
                false,
                Map.of());
        write(new SchemaStored(stored));
        log.atInfo()
                .addKeyValue("subject", subject)
                .addKeyValue("version", stored.version())
                .addKeyValue("id", stored.id())
                .log("Schema registered");
        return stored.id();
    }

    /** The version of a subject that holds a schema. */
    StoredSchema lookUp(String subject, OfferedSchema offered, boolean withDeleted) {
        List<StoredSchema> versions = versions(subject, withDeleted);
        return versions.stream()
                .filter(version -> version.holds(offered))
                .reduce((earlier, later) -> later)
                .orElseThrow(RegistryError::schemaNotFound);
    }

    /** All versions of the subjects that begin with a prefix, or only the latest of each; in order of subject and version. */
    List<StoredSchema> all(String subjectPrefix, boolean withDeleted, boolean latestOnly) {
        return store.subjects(withDeleted).stream()
                .filter(subject -> subject.startsWith(subjectPrefix))
                .map(subject -> store.versions(subject, withDeleted))
                .flatMap(versions -> versions.stream().skip(latestOnly ? versions.size() - 1 : 0))
                .toList();
    }

    /** The versions of a subject, oldest first. */
    List<StoredSchema> versions(String subject, boolean withDeleted) {
        List<StoredSchema> versions = store.versions(subject, withDeleted);
        if (versions.isEmpty()) {
            throw RegistryError.subjectNotFound(subject);
        }
        return versions;
    }

    StoredSchema version(String subject, VersionChoice choice, boolean withDeleted) {
        return choice.from(versions(subject, withDeleted));
    }

    /** A schema by its id, deleted or not: records that were written with it must stay readable. */
    List<StoredSchema> withId(int id) {
        List<StoredSchema> schemas = store.withId(id);
        if (schemas.isEmpty()) {
            throw RegistryError.schemaNotFound();
        }
        return schemas;
    }

    /** Deletes a subject; returns the versions that it had. */
    synchronized List<Integer> deleteSubject(String subject, boolean permanent) {
        List<StoredSchema> all = versions(subject, true);
        requireWritable(subject);
        List<StoredSchema> live = store.versions(subject, false);
        if (permanent) {
            if (!live.isEmpty()) {
                throw RegistryError.subjectNotDeletedFirst(subject);
            }
            all.forEach(version -> write(new SchemaRemoved(subject, version.version())));
            return all.stream().map(StoredSchema::version).toList();
        }
        if (live.isEmpty()) {
            throw RegistryError.subjectAlreadyDeleted(subject);
        }
        write(new SubjectDeleted(subject, live.get(live.size() - 1).version()));
        clearSettingsOf(subject);
        return live.stream().map(StoredSchema::version).toList();
    }

    /** Deletes a version; returns its number. */
    synchronized int deleteVersion(String subject, VersionChoice choice, boolean permanent) {
        StoredSchema version = choice.from(versions(subject, permanent || !choice.isLatest()));
        requireWritable(subject);
        if (permanent) {
            if (!version.deleted()) {
                throw RegistryError.versionNotDeletedFirst(subject, version.version());
            }
            write(new SchemaRemoved(subject, version.version()));
            return version.version();
        }
        if (version.deleted()) {
            throw RegistryError.versionAlreadyDeleted(subject, version.version());
        }
        write(new SchemaStored(version.withDeleted(true)));
        if (store.versions(subject, false).isEmpty()) {
            clearSettingsOf(subject);
        }
        return version.version();
    }

    /** The incompatibilities of a schema as the next version. */
    List<String> faults(String subject, OfferedSchema offered) {
        return effectiveLevel(subject).faults(offered.schema(), store.versions(subject, false));
    }

    /** The incompatibilities of a schema with one version; a subject without a latest version accepts any. */
    List<String> faults(String subject, VersionChoice choice, OfferedSchema offered) {
        if (choice.isLatest() && store.versions(subject, false).isEmpty()) {
            return List.of();
        }
        return effectiveLevel(subject).faults(offered.schema(), List.of(version(subject, choice, false)));
    }

    /** The level of all subjects without a level of their own. */
    CompatibilityLevel level() {
        return store.level(Optional.empty()).orElse(DEFAULT_LEVEL);
    }

    /** The level that was set for a subject. */
    CompatibilityLevel level(String subject) {
        return store.level(Optional.of(subject)).orElseThrow(() -> RegistryError.noLevelOfItsOwn(subject));
    }

    /** The level that applies to a subject. */
    CompatibilityLevel effectiveLevel(String subject) {
        return store.level(Optional.of(subject)).orElseGet(this::level);
    }

    synchronized void setLevel(Optional<String> subject, CompatibilityLevel level) {
        subject.ifPresentOrElse(this::requireWritable, this::requireWritable);
        write(new LevelSet(subject, level));
    }

    /** Resets the global level to the default; returns what it was. */
    synchronized CompatibilityLevel clearLevel() {
        CompatibilityLevel before = level();
        requireWritable();
        write(new LevelCleared(Optional.empty()));
        return before;
    }

    /** Clears a subject's level; returns what it was. */
    synchronized CompatibilityLevel clearLevel(String subject) {
        CompatibilityLevel before =
                store.level(Optional.of(subject)).orElseThrow(() -> RegistryError.subjectNotFound(subject));
        requireWritable(subject);
        write(new LevelCleared(Optional.of(subject)));
        return before;
    }

    /** The mode of all subjects without a mode of their own. */
    Mode mode() {
        return store.mode(Optional.empty()).orElse(DEFAULT_MODE);
    }

    /** The mode that was set for a subject. */
    Mode mode(String subject) {
        return store.mode(Optional.of(subject)).orElseThrow(() -> RegistryError.noModeOfItsOwn(subject));
    }

    /** The mode that applies to a subject. */
    Mode effectiveMode(String subject) {
        return store.mode(Optional.of(subject)).orElseGet(this::mode);
    }

    synchronized void setMode(Optional<String> subject, Mode mode) {
        write(new ModeSet(subject, mode));
    }

    /** Clears a subject's mode; returns what it was. */
    synchronized Mode clearMode(String subject) {
        Mode before = store.mode(Optional.of(subject)).orElseThrow(() -> RegistryError.subjectNotFound(subject));
        write(new ModeCleared(Optional.of(subject)));
        return before;
    }

    private void requireWritable(String subject) {
        if (effectiveMode(subject) == Mode.READONLY) {
            throw RegistryError.readOnly(subject);
        }
    }

    private void requireWritable() {
        if (mode() == Mode.READONLY) {
            throw RegistryError.readOnly();
        }
    }

    private void clearSettingsOf(String subject) {
        if (store.level(Optional.of(subject)).isPresent()) {
            write(new LevelCleared(Optional.of(subject)));
        }
        if (store.mode(Optional.of(subject)).isPresent()) {
            write(new ModeCleared(Optional.of(subject)));
        }
    }

    private void write(RegistryEvent event) {
        try {
            schemaLog.append(LogFormat.encode(event));
        } catch (SchemaLogException e) {
            log.atWarn()
                    .addKeyValue("event", event)
                    .addKeyValue("error", e.getMessage())
                    .setCause(e)
                    .log("Schema log could not be written");
            throw RegistryError.storeFailed(String.valueOf(e.getMessage()));
        }
    }
}
