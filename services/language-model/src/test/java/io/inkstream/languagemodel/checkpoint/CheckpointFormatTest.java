package io.inkstream.languagemodel.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inkstream.languagemodel.engine.EngineKind;
import io.inkstream.languagemodel.network.Tensor;
import io.inkstream.languagemodel.settings.OptimizerRule;
import io.inkstream.languagemodel.text.Normalizer;
import io.inkstream.languagemodel.text.Reading;
import io.inkstream.languagemodel.text.Tokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Files that earlier versions have written. */
class CheckpointFormatTest {

    private static final Optional<EngineKind> PYTORCH = Optional.of(EngineKind.PYTORCH);

    @Test
    void readsACheckpointOfFormat3() throws IOException {
        // When
        Checkpoint checkpoint = Checkpoint.read(file("format-3"));

        // Then
        assertThat(checkpoint.weightsSha256())
                .isEqualTo("f18a82eaeeda5d66f6a23bbc9db2f5711836e31de49b5b18bb082430e4c2fdec");
        assertThat(checkpoint.vocabulary().entries()).containsExactly("<eos>", "a", "\"", "墨", "🖋", "\n");
        assertThat(checkpoint.reading())
                .isEqualTo(new Reading(Tokenizer.CHARACTERS, Normalizer.VERBATIM, true, List.of("<eos>")));
        assertThat(checkpoint.cursor()).isEqualTo(new Cursor(7, 1, 1, 1_000, 0, 2, 3.5, Double.NaN, 700));
        assertThat(checkpoint.settings().optimizer().rule()).isEqualTo(OptimizerRule.SGD);
        assertThat(checkpoint.history())
                .containsExactly(
                        new Span(0, 900, 0, 6, checkpoint.settings(), PYTORCH, 1),
                        new Span(1, 1_000, 0, 7, checkpoint.settings(), PYTORCH, 2));
        assertThat(checkpoint.network().carried().get(0).values()).hasSize(12).endsWith(12f);
        assertThat(checkpoint.network().stepLosses().values()).containsExactly(1.25f, 1.25f);

        // And it is written again as a checkpoint of this version
        Checkpoint rewritten = Checkpoint.read(checkpoint.write());
        assertThat(rewritten.history()).isEqualTo(checkpoint.history());
        assertThat(rewritten.network()).isEqualTo(checkpoint.network());
    }

    @Test
    void readsACheckpointOfFormat4() throws IOException {
        // When
        Checkpoint checkpoint = Checkpoint.read(file("format-4"));

        // Then
        assertThat(checkpoint.weightsSha256())
                .isEqualTo("e44562c8dc0c4a7cb1c70fe63c379080b23b7dfa3ab506eecc7c344803160958");
        assertThat(checkpoint.vocabulary().entries()).containsExactly("<eos>", "a", "\"", "墨");
        assertThat(checkpoint.cursor()).isEqualTo(new Cursor(9, 2, 1, 1_000, 0, 2, 3.5, Double.NaN, 900));
        assertThat(checkpoint.engine()).isEqualTo(EngineKind.PYTORCH);
        assertThat(checkpoint.threads()).isEqualTo(2);

        // And of the implementations that it records, the explicit one is gone
        assertThat(checkpoint.history())
                .containsExactly(
                        new Span(0, 900, 0, 4, checkpoint.settings(), PYTORCH, 1),
                        new Span(1, 1_000, 0, 5, checkpoint.settings(), Optional.empty(), 1),
                        new Span(2, 1_000, 0, 5, checkpoint.settings(), PYTORCH, 2));

        // And it is written again as a checkpoint of this version
        Checkpoint rewritten = Checkpoint.read(checkpoint.write());
        assertThat(rewritten.history()).isEqualTo(checkpoint.history());
        assertThat(rewritten.network()).isEqualTo(checkpoint.network());
    }

    @Test
    void readsACheckpointWithoutNfcAndReservedTokens() throws IOException {
        // Given
        Safetensors file = Safetensors.read(file("format-3"));
        Map<String, String> metadata = new HashMap<>(file.metadata());
        assertThat(metadata.remove("nfc")).isEqualTo("true");
        assertThat(metadata.remove("reserved_tokens")).isEqualTo("[\"<eos>\"]");
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        file.names().forEach(name -> tensors.put(name, file.tensor(name)));

        // When
        Checkpoint older = Checkpoint.read(Safetensors.write(tensors, metadata));

        // Then
        assertThat(older.reading()).isEqualTo(Reading.of(Tokenizer.CHARACTERS, Normalizer.VERBATIM));
    }

    @Test
    void namesAFormatOfALaterVersion() {
        assertThatThrownBy(() -> Checkpoint.read(
                        Safetensors.write(Map.of(), Map.of("format", "inkstream-checkpoint-99", "cursor", "{}"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(
                        "its format is inkstream-checkpoint-99, not inkstream-checkpoint-3, inkstream-checkpoint-4 or inkstream-checkpoint-5");
    }

    private static byte[] file(String format) throws IOException {
        try (InputStream file =
                CheckpointFormatTest.class.getResourceAsStream("/checkpoints/%s.safetensors".formatted(format))) {
            return file.readAllBytes();
        }
    }
}
