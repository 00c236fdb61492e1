package io.inkstream.corpuslog.specs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inkstream.languagemodel.network.Cell;
import io.inkstream.languagemodel.settings.TrainingSettings;
import io.inkstream.languagemodel.text.Normalizer;
import io.inkstream.languagemodel.text.Reading;
import io.inkstream.languagemodel.text.Tokenizer;
import io.inkstream.schemas.CellKind;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.InitializationKind;
import io.inkstream.schemas.OptimizerKind;
import io.inkstream.schemas.OutputKind;
import io.inkstream.schemas.SamplingKind;
import io.inkstream.schemas.TokenBlock;
import io.inkstream.schemas.TrainingSpec;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpecConversionTest {

    static Stream<Reading> readings() {
        return Arrays.stream(Tokenizer.values()).flatMap(tokenizer -> Arrays.stream(Normalizer.values())
                .map(normalizer -> new Reading(
                        tokenizer, normalizer, true, tokenizer == Tokenizer.BYTES ? List.of() : List.of("<eos>"))));
    }

    @ParameterizedTest
    @MethodSource("readings")
    void aReadingIsTheSameAfterTheWayThroughASpecAndABlock(Reading reading) {
        // Given
        CorpusSpec spec = SpecConversion.spec(reading);
        TokenBlock block = SpecConversion.block(reading)
                .setFirstPosition(0)
                .setFirstNewId(1)
                .setNewEntries(List.of())
                .setTokens(List.of())
                .setTextPartition(0)
                .setTextOffset(0)
                .build();

        // When, Then
        assertThat(SpecConversion.reading(spec)).isEqualTo(reading);
        assertThat(SpecConversion.reading(block)).isEqualTo(reading);
        assertThat(spec.getTraining()).isNull();
    }

    @ParameterizedTest
    @EnumSource(Cell.class)
    void settingsAreTheSameAfterTheWayThroughASpec(Cell cell) {
        // Given
        TrainingSpec training = training()
                .setCell(SpecConversion.kind(cell))
                .setEpochs(7)
                .setLearningRate(0.5)
                .build();

        // When
        TrainingSettings settings = SpecConversion.settings(training);

        // Then
        assertThat(SpecConversion.spec(Reading.DEFAULT, settings).getTraining()).isEqualTo(training);
    }

    @Test
    void everyCellOfTheContractIsOneOfTheModel() {
        // When, Then
        assertThat(Arrays.stream(Cell.values()).map(SpecConversion::kind)).containsExactlyInAnyOrder(CellKind.values());
    }

    @Test
    void anImpossibleValueIsNamed() {
        // When, Then
        assertThatThrownBy(() -> SpecConversion.settings(training().setHidden(0).build()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("hidden must be at least 1, not 0");
    }

    @ParameterizedTest
    @ValueSource(ints = {20_000, 2_000_000_000})
    void aNetworkThatNoMachineHoldsIsImpossible(int hidden) {
        // When, Then
        assertThatThrownBy(() ->
                        SpecConversion.settings(training().setHidden(hidden).build()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(
                        "the network may have at most 1073741824 weights; with %d hidden".formatted(hidden));
        assertThatThrownBy(() -> SpecConversion.settings(
                        training().setLayers(Integer.MAX_VALUE).build()))
                .hasMessageContaining("the network may have at most");
        assertThat(SpecConversion.settings(training().setHidden(8_192).build())
                        .network()
                        .hidden())
                .isEqualTo(8_192);
    }

    /** Names every enum: Avro trusts their classes only once a serde was made. */
    private static TrainingSpec.Builder training() {
        return TrainingSpec.newBuilder()
                .setCell(CellKind.GRU)
                .setOutput(OutputKind.LINEAR)
                .setInitialization(InitializationKind.PYTORCH)
                .setSampling(SamplingKind.SEQUENTIAL)
                .setOptimizer(OptimizerKind.SGD);
    }
}
