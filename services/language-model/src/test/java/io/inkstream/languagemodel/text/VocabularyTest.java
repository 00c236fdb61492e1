package io.inkstream.languagemodel.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class VocabularyTest {

    @Test
    void idsAreAssignedInOrderOfAppearanceFromOne() {
        // Given
        Vocabulary vocabulary = new Vocabulary(List.of("t", "h"));
        // When
        int id = vocabulary.add("e");
        // Then
        assertThat(id).isEqualTo(3);
        assertThat(vocabulary.entries()).containsExactly("t", "h", "e");
        assertThat(vocabulary.token(0)).isEqualTo(Vocabulary.UNKNOWN);
    }

    @Test
    void unknownTokensHaveTheIdOfUnknown() {
        // Given
        Vocabulary vocabulary = new Vocabulary(List.of("a"));
        // When / Then
        assertThat(vocabulary.id("b")).isZero();
        assertThat(vocabulary.id('b')).isZero();
        assertThat(vocabulary.id(0x674E)).isZero();
        assertThat(vocabulary.id(0x1F600)).isZero();
    }

    @Test
    void aCodePointOfAnyPlaneIsFound() {
        // Given
        Vocabulary vocabulary = new Vocabulary(List.of("李", "\uD83D\uDE00", "\uFFFD"));
        // When / Then
        assertThat(vocabulary.id(0x674E)).isEqualTo(1);
        assertThat(vocabulary.id(0x1F600)).isEqualTo(2);
        assertThat(vocabulary.id(0xFFFD)).isEqualTo(3);
    }

    @Test
    void theTextUnkIsAnEntryLikeAnyOther() {
        // Given
        Vocabulary vocabulary = new Vocabulary();
        // When
        int id = vocabulary.add(Vocabulary.UNKNOWN);
        // Then
        assertThat(id).isEqualTo(1);
        assertThat(vocabulary.id(Vocabulary.UNKNOWN)).isEqualTo(1);
    }

    @Test
    void anEntryCannotBeAddedTwice() {
        // Given
        Vocabulary vocabulary = new Vocabulary(List.of("a"));
        // When / Then
        assertThatThrownBy(() -> vocabulary.add("a")).hasMessageContaining("already has the id 1");
    }
}
