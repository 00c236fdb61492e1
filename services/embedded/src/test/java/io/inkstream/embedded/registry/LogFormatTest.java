package io.inkstream.embedded.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.IntNode;
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
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LogFormatTest {

    static Stream<Arguments> records() {
        return Stream.of(
                Arguments.of(
                        new SchemaStored(new StoredSchema("s", 1, 7, "AVRO", "\"int\"", false, Map.of())),
                        "{\"keytype\":\"SCHEMA\",\"subject\":\"s\",\"version\":1,\"magic\":1}",
                        "{\"subject\":\"s\",\"version\":1,\"id\":7,\"schema\":\"\\\"int\\\"\",\"deleted\":false}"),
                Arguments.of(
                        new SchemaStored(new StoredSchema("s", 2, 8, "JSON", "{}", true, Map.of())),
                        "{\"keytype\":\"SCHEMA\",\"subject\":\"s\",\"version\":2,\"magic\":1}",
                        "{\"subject\":\"s\",\"version\":2,\"id\":8,\"schemaType\":\"JSON\",\"schema\":\"{}\",\"deleted\":true}"),
                Arguments.of(
                        new SchemaRemoved("s", 1),
                        "{\"keytype\":\"SCHEMA\",\"subject\":\"s\",\"version\":1,\"magic\":1}",
                        null),
                Arguments.of(
                        new SubjectDeleted("s", 3),
                        "{\"keytype\":\"DELETE_SUBJECT\",\"subject\":\"s\",\"magic\":0}",
                        "{\"subject\":\"s\",\"version\":3}"),
                Arguments.of(
                        new LevelSet(Optional.empty(), CompatibilityLevel.FULL),
                        "{\"keytype\":\"CONFIG\",\"subject\":null,\"magic\":0}",
                        "{\"compatibilityLevel\":\"FULL\"}"),
                Arguments.of(
                        new LevelCleared(Optional.of("s")),
                        "{\"keytype\":\"CONFIG\",\"subject\":\"s\",\"magic\":0}",
                        null),
                Arguments.of(
                        new ModeSet(Optional.of("s"), Mode.READONLY),
                        "{\"keytype\":\"MODE\",\"subject\":\"s\",\"magic\":0}",
                        "{\"subject\":\"s\",\"mode\":\"READONLY\"}"),
                Arguments.of(
                        new ModeCleared(Optional.empty()), "{\"keytype\":\"MODE\",\"subject\":null,\"magic\":0}", null),
                Arguments.of(new Ignored(), "{\"keytype\":\"NOOP\",\"magic\":0}", null));
    }

    @ParameterizedTest
    @MethodSource("records")
    void isConfluents(RegistryEvent event, String key, String value) throws IOException {
        // When
        LogEntry entry = LogFormat.encode(event);

        // Then
        assertThat(text(entry.key())).isEqualTo(key);
        assertThat(text(entry.value())).isEqualTo(value);
        assertThat(LogFormat.decode(entry)).isEqualTo(event);
    }

    @Test
    void keepsFieldsOfAnotherRegistry() throws IOException {
        // Given
        LogEntry entry = entry(
                "{\"magic\":1,\"version\":1,\"subject\":\"s\",\"keytype\":\"SCHEMA\"}",
                "{\"subject\":\"s\",\"version\":1,\"id\":1,\"ruleSet\":5,\"schema\":\"\\\"int\\\"\",\"deleted\":false}");

        // When
        RegistryEvent event = LogFormat.decode(entry);

        // Then
        assertThat(event)
                .isEqualTo(new SchemaStored(
                        new StoredSchema("s", 1, 1, "AVRO", "\"int\"", false, Map.of("ruleSet", IntNode.valueOf(5)))));
        assertThat(text(LogFormat.encode(event).value())).contains("\"ruleSet\":5");
    }

    @Test
    void ignoresEntriesThatItDoesNotKeep() throws IOException {
        assertThat(LogFormat.decode(
                        entry("{\"keytype\":\"MODE\",\"subject\":null,\"magic\":0}", "{\"mode\":\"IMPORT\"}")))
                .isEqualTo(new Ignored());
        assertThat(LogFormat.decode(entry("{\"keytype\":\"DELETE_SUBJECT\",\"subject\":\"s\",\"magic\":0}", null)))
                .isEqualTo(new Ignored());
    }

    @Test
    void rejectsEntriesThatNoRegistryWrites() {
        assertThatThrownBy(() -> LogFormat.decode(entry("not json", "{}"))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> LogFormat.decode(entry("{\"keytype\":\"SCHEMA\"}", "{}")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("subject");
    }

    private static LogEntry entry(String key, String value) {
        return new LogEntry(
                key.getBytes(StandardCharsets.UTF_8), value == null ? null : value.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(byte[] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }
}
