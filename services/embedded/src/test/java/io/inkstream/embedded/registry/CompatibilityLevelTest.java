package io.inkstream.embedded.registry;

import static io.inkstream.embedded.registry.CompatibilityLevel.BACKWARD;
import static io.inkstream.embedded.registry.CompatibilityLevel.BACKWARD_TRANSITIVE;
import static io.inkstream.embedded.registry.CompatibilityLevel.FORWARD;
import static io.inkstream.embedded.registry.CompatibilityLevel.FORWARD_TRANSITIVE;
import static io.inkstream.embedded.registry.CompatibilityLevel.FULL;
import static io.inkstream.embedded.registry.CompatibilityLevel.NONE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CompatibilityLevelTest {

    static Stream<Arguments> changes() {
        Set<CompatibilityLevel> all = EnumSet.allOf(CompatibilityLevel.class);
        return Stream.of(
                Arguments.of("the first", List.of(), Schemas.ONE, all),
                Arguments.of("the same", List.of(Schemas.ONE), Schemas.ONE, all),
                Arguments.of("field with default", List.of(Schemas.ONE), Schemas.FIELD_WITH_DEFAULT, all),
                Arguments.of(
                        "field without default",
                        List.of(Schemas.ONE),
                        Schemas.FIELD_WITHOUT_DEFAULT,
                        Set.of(NONE, FORWARD, FORWARD_TRANSITIVE)),
                Arguments.of(
                        "field removed",
                        List.of(Schemas.ONE),
                        Schemas.FIELD_FEWER,
                        Set.of(NONE, BACKWARD, BACKWARD_TRANSITIVE)),
                Arguments.of(
                        "type widened",
                        List.of(Schemas.ONE),
                        Schemas.WIDER,
                        Set.of(NONE, BACKWARD, BACKWARD_TRANSITIVE)),
                Arguments.of("type changed", List.of(Schemas.ONE), Schemas.OTHER_TYPE, Set.of(NONE)),
                // Reads the latest version, which has b, but not the first, which lacks it.
                Arguments.of(
                        "field made mandatory by way of a default",
                        List.of(Schemas.ONE, Schemas.FIELD_WITH_DEFAULT),
                        Schemas.FIELD_WITHOUT_DEFAULT,
                        Set.of(NONE, BACKWARD, FORWARD, FORWARD_TRANSITIVE, FULL)),
                // Read by the latest version, which wants nothing, but not by the first, which wants a.
                Arguments.of(
                        "field removed after a default",
                        List.of(Schemas.ONE, Schemas.record("{\"name\":\"a\",\"type\":\"int\",\"default\":1}")),
                        Schemas.FIELD_FEWER,
                        Set.of(NONE, BACKWARD, BACKWARD_TRANSITIVE, FORWARD, FULL)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("changes")
    void takesWhatItsNameSays(String change, List<String> earlier, String offered, Set<CompatibilityLevel> takenBy) {
        // Given
        List<StoredSchema> versions = new ArrayList<>();
        for (String text : earlier) {
            int number = versions.size() + 1;
            versions.add(new StoredSchema("s", number, number, StoredSchema.AVRO, text, false, Map.of()));
        }

        // When
        Set<CompatibilityLevel> taking = EnumSet.noneOf(CompatibilityLevel.class);
        for (CompatibilityLevel level : CompatibilityLevel.values()) {
            if (level.faults(OfferedSchema.parse(offered).schema(), versions).isEmpty()) {
                taking.add(level);
            }
        }

        // Then
        assertThat(taking).containsExactlyInAnyOrderElementsOf(takenBy);
    }

    @Test
    void saysWhatIsWrongAndWithWhichVersion() {
        // Given
        StoredSchema first = new StoredSchema("words", 1, 1, StoredSchema.AVRO, Schemas.ONE, false, Map.of());

        // When
        List<String> faults =
                BACKWARD.faults(OfferedSchema.parse(Schemas.OTHER_TYPE).schema(), List.of(first));

        // Then
        assertThat(faults)
                .singleElement()
                .asString()
                .contains("version 1 of subject words", "TYPE_MISMATCH", "/fields/0");
    }

    @Test
    void cannotCompareWithASchemaOfAnotherKind() {
        // Given: what another registry left
        StoredSchema json = new StoredSchema("s", 1, 1, "JSON", "{}", false, Map.of());

        // When, Then
        assertThat(BACKWARD.faults(OfferedSchema.parse(Schemas.ONE).schema(), List.of(json)))
                .singleElement()
                .asString()
                .contains("type JSON");
        assertThat(NONE.faults(OfferedSchema.parse(Schemas.ONE).schema(), List.of(json)))
                .isEmpty();
    }
}
