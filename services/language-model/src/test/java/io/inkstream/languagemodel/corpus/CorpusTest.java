package io.inkstream.languagemodel.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inkstream.languagemodel.text.Normalizer;
import io.inkstream.languagemodel.text.Reading;
import io.inkstream.languagemodel.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CorpusTest {

    private final Corpus corpus = new Corpus(Reading.of(Tokenizer.CHARACTERS, Normalizer.LETTERS));

    @Test
    void callsBackBeforeTokensCanBeRead() {
        // Given
        List<Long> sizes = new ArrayList<>();

        // When
        corpus.append(
                List.of("a"), new int[] {1, 1}, () -> sizes.add(corpus.tokens().size()));
        corpus.append(List.of(), new int[] {1}, () -> sizes.add(corpus.tokens().size()));

        // Then
        assertThat(sizes).containsExactly(0L, 2L);
        assertThat(corpus.tokens().size()).isEqualTo(3);
    }

    @Test
    void doesNotCallBackForTokensThatItRejects() {
        // Given
        List<Long> sizes = new ArrayList<>();

        // When, Then
        assertThatThrownBy(() -> corpus.append(List.of("a"), new int[] {2}, () -> sizes.add(0L)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> corpus.append(List.of("a", "a"), new int[] {1}, () -> sizes.add(0L)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(sizes).isEmpty();
        assertThat(corpus.tokens().size()).isZero();
    }
}
