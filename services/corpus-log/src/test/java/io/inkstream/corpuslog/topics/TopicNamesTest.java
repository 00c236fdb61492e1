package io.inkstream.corpuslog.topics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inkstream.platform.InkstreamException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicNamesTest {

    @Test
    void putsThePrefixBeforeEachName() {
        // Given
        TopicNames names = new TopicNames(TopicNames.DEFAULT_PREFIX);

        // Then
        assertThat(names.of(Topic.TOKENS)).isEqualTo("inkstream.tokens");
        assertThat(names.of(Topic.COMPLETIONS_TEXT)).isEqualTo("inkstream.completions.text");
        assertThat(names.group("trainer")).isEqualTo("inkstream-trainer");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " ", "a b", "naïve", "a/b"})
    void rejectsAPrefixThatKafkaWouldReject(String prefix) {
        assertThatThrownBy(() -> new TopicNames(prefix))
                .isInstanceOf(InkstreamException.class)
                .hasMessageContaining("'%s'", prefix);
    }
}
