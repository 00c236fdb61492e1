package io.inkstream.languagemodel.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

class TokenArrayTest {

    @Test
    void keepsEveryTokenAcrossPagesAndWidths() {
        // Given ids that fit two bytes at first, and then do not
        int[] narrow = new Random(1).ints(300_000, 0, 1 << 16).toArray();
        int[] wide = new Random(2).ints(300_000, 0, Integer.MAX_VALUE).toArray();
        TokenArray tokens = new TokenArray();

        // When
        tokens.append(narrow, narrow.length);
        tokens.append(wide, wide.length);

        // Then
        assertThat(tokens.size()).isEqualTo(600_000);
        for (int i = 0; i < narrow.length; i++) {
            assertThat(tokens.id(i)).isEqualTo(narrow[i]);
            assertThat(tokens.id(300_000L + i)).isEqualTo(wide[i]);
        }
    }

    @Test
    void doesNotReadBeyondItsEnd() {
        // Given
        TokenArray tokens = new TokenArray();
        tokens.append(new int[] {1, 2, 3}, 2);

        // When, Then
        assertThat(tokens.size()).isEqualTo(2);
        assertThatThrownBy(() -> tokens.id(2)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
