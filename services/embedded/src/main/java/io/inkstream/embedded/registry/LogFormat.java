package io.inkstream.embedded.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.inkstream.embedded.registry.RegistryEvent.Ignored;
import io.inkstream.embedded.registry.RegistryEvent.LevelCleared;
import io.inkstream.embedded.registry.RegistryEvent.LevelSet;
import io.inkstream.embedded.registry.RegistryEvent.ModeCleared;
import io.inkstream.embedded.registry.RegistryEvent.ModeSet;
import io.inkstream.embedded.registry.RegistryEvent.SchemaRemoved;
import io.inkstream.embedded.registry.RegistryEvent.SchemaStored;
import io.inkstream.embedded.registry.RegistryEvent.SubjectDeleted;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How events stand on the topic: keys and values in JSON, as Confluent's registry writes and reads them, so that either
 * can take the topic over from the other. Compaction compares keys byte for byte: their fields have a fixed order.
 */
final class LogFormat {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> SCHEMA_FIELDS =
            Set.of("subject", "version", "id", "schemaType", "schema", "deleted");

    private LogFormat() {}

    /** The entry of an event. */
    static LogEntry encode(RegistryEvent event) {
        if (event instanceof SchemaStored stored) {
            StoredSchema schema = stored.schema();
            return entry(schemaKey(schema.subject(), schema.version()), schemaValue(schema));
        }
        if (event instanceof SchemaRemoved removed) {
            return entry(schemaKey(removed.subject(), removed.version()), null);
        }
        if (event instanceof SubjectDeleted deleted) {
            return entry(
                    key("DELETE_SUBJECT").put("subject", deleted.subject()).put("magic", 0),
                    JSON.createObjectNode().put("subject", deleted.subject()).put("version", deleted.lastVersion()));
        }
        if (event instanceof LevelSet set) {
            return entry(
                    configKey(set.subject()),
                    JSON.createObjectNode()
                            .put("compatibilityLevel", set.level().name()));
        }
        if (event instanceof LevelCleared cleared) {
            return entry(configKey(cleared.subject()), null);
        }
        if (event instanceof ModeSet set) {
            return entry(
                    modeKey(set.subject()),
                    JSON.createObjectNode()
                            .put("subject", set.subject().orElse(null))
                            .put("mode", set.mode().name()));
        }
        if (event instanceof ModeCleared cleared) {
            return entry(modeKey(cleared.subject()), null);
        }
        return entry(key("NOOP").put("magic", 0), null);
    }

    /**
     * The event of an entry.
     *
     * @throws IOException if the entry is none that a registry would write
     */
    static RegistryEvent decode(LogEntry entry) throws IOException {
        JsonNode key = JSON.readTree(entry.key());
        Optional<JsonNode> value = entry.value() == null
                ? Optional.empty()
                : Optional.of(JSON.readTree(entry.value())).filter(v -> !v.isNull());
        return switch (key.path("keytype").asText()) {
            case "SCHEMA" -> schema(key, value);
            case "DELETE_SUBJECT" ->
                value.<RegistryEvent>map(v -> new SubjectDeleted(
                                key.path("subject").asText(), v.path("version").asInt()))
                        .orElseGet(Ignored::new);
            case "CONFIG" -> level(key, value);
            case "MODE" -> mode(key, value);
            default -> new Ignored();
        };
    }

    private static RegistryEvent schema(JsonNode key, Optional<JsonNode> value) throws IOException {
        String subject = required(key, "subject").asText();
        int version = required(key, "version").asInt();
        if (value.isEmpty()) {
            return new SchemaRemoved(subject, version);
        }
        JsonNode schema = value.get();
        Map<String, JsonNode> further = new HashMap<>();
        schema.properties().stream()
                .filter(field -> !SCHEMA_FIELDS.contains(field.getKey()))
                .forEach(field -> further.put(field.getKey(), field.getValue()));
        return new SchemaStored(new StoredSchema(
                subject,
                version,
                required(schema, "id").asInt(),
                schema.hasNonNull("schemaType") ? schema.get("schemaType").asText() : StoredSchema.AVRO,
                required(schema, "schema").asText(),
                schema.path("deleted").asBoolean(),
                further));
    }

    private static RegistryEvent level(JsonNode key, Optional<JsonNode> value) {
        Optional<String> subject = Optional.ofNullable(key.path("subject").textValue());
        return value.flatMap(v ->
                        CompatibilityLevel.named(v.path("compatibilityLevel").asText()))
                .<RegistryEvent>map(level -> new LevelSet(subject, level))
                .orElseGet(() -> new LevelCleared(subject));
    }

    /** A mode of another registry that this one does not have, IMPORT for instance, changes nothing here. */
    private static RegistryEvent mode(JsonNode key, Optional<JsonNode> value) {
        Optional<String> subject = Optional.ofNullable(key.path("subject").textValue());
        if (value.isEmpty()) {
            return new ModeCleared(subject);
        }
        return Mode.named(value.get().path("mode").asText())
                .<RegistryEvent>map(mode -> new ModeSet(subject, mode))
                .orElseGet(Ignored::new);
    }

    private static JsonNode required(JsonNode node, String field) throws IOException {
        JsonNode value = node.get(field);
        if (value == null || value.isNull()) {
            throw new IOException("field '%s' is missing".formatted(field));
        }
        return value;
    }

    private static ObjectNode key(String type) {
        return JSON.createObjectNode().put("keytype", type);
    }

    private static ObjectNode schemaKey(String subject, int version) {
        return key("SCHEMA").put("subject", subject).put("version", version).put("magic", 1);
    }

    private static ObjectNode configKey(Optional<String> subject) {
        return key("CONFIG").put("subject", subject.orElse(null)).put("magic", 0);
    }

    private static ObjectNode modeKey(Optional<String> subject) {
        return key("MODE").put("subject", subject.orElse(null)).put("magic", 0);
    }

    private static ObjectNode schemaValue(StoredSchema schema) {
        ObjectNode value = JSON.createObjectNode()
                .put("subject", schema.subject())
                .put("version", schema.version())
                .put("id", schema.id());
        if (!schema.type().equals(StoredSchema.AVRO)) {
            value.put("schemaType", schema.type());
        }
        value.setAll(schema.further());
        return value.put("schema", schema.text()).put("deleted", schema.deleted());
    }

    private static LogEntry entry(ObjectNode key, @Nullable ObjectNode value) {
        return new LogEntry(bytes(key), value == null ? null : bytes(value));
    }

    private static byte[] bytes(ObjectNode node) {
        return node.toString().getBytes(StandardCharsets.UTF_8);
    }
}
