package io.inkstream.embedded.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.embedded.registry.RegistryEvent.LevelCleared;
import io.inkstream.embedded.registry.RegistryEvent.LevelSet;
import io.inkstream.embedded.registry.RegistryEvent.SchemaRemoved;
import io.inkstream.embedded.registry.RegistryEvent.SchemaStored;
import io.inkstream.embedded.registry.RegistryEvent.SubjectDeleted;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SchemaStoreTest {

    private final SchemaStore store = new SchemaStore();

    @Test
    void aDeletedSubjectKeepsTheVersionsThatCameAfter() {
        // Given
        store.apply(stored(1, 1));
        store.apply(stored(2, 2));

        // When: compaction may have left the deletion of version 1 behind version 2
        store.apply(new SubjectDeleted("s", 1));

        // Then
        assertThat(store.versions("s", false)).extracting(StoredSchema::version).containsExactly(2);
        assertThat(store.versions("s", true)).extracting(StoredSchema::deleted).containsExactly(true, false);
    }

    @Test
    void anIdIsNotGivenAgain() {
        // Given
        store.apply(stored(1, 5));

        // When
        store.apply(new SchemaRemoved("s", 1));

        // Then
        assertThat(store.withId(5)).isEmpty();
        assertThat(store.subjects(true)).isEmpty();
        assertThat(store.freeId()).isEqualTo(6);
        assertThat(store.freeVersion("s")).isEqualTo(1);
    }

    @Test
    void aVersionThatIsStoredAgainReplacesItself() {
        // Given
        store.apply(stored(1, 1));

        // When
        store.apply(new SchemaStored(store.versions("s", false).get(0).withDeleted(true)));

        // Then
        assertThat(store.subjects(false)).isEmpty();
        assertThat(store.subjects(true)).containsExactly("s");
        assertThat(store.idOf(OfferedSchema.parse(fixed(1)))).contains(1);
        assertThat(store.freeVersion("s")).isEqualTo(2);
    }

    @Test
    void aLevelOfOneSubjectIsNotThatOfAll() {
        // When
        store.apply(new LevelSet(Optional.of("s"), CompatibilityLevel.NONE));
        store.apply(new LevelSet(Optional.empty(), CompatibilityLevel.FULL));
        store.apply(new LevelCleared(Optional.empty()));

        // Then
        assertThat(store.level(Optional.of("s"))).contains(CompatibilityLevel.NONE);
        assertThat(store.level(Optional.empty())).isEmpty();
    }

    private static SchemaStored stored(int version, int id) {
        return new SchemaStored(new StoredSchema("s", version, id, StoredSchema.AVRO, fixed(id), false, Map.of()));
    }

    private static String fixed(int size) {
        return OfferedSchema.parse("{\"type\":\"fixed\",\"name\":\"F\",\"size\":%d}".formatted(size))
                .text();
    }
}
