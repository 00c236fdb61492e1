package io.inkstream.specs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inkstream.languagemodel.network.Cell;
import io.inkstream.languagemodel.settings.TrainingSettings;
import io.inkstream.languagemodel.text.Normalizer;
import io.inkstream.languagemodel.text.Reading;
import io.inkstream.languagemodel.text.Tokenizer;
import io.inkstream.schemas.CellKind;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.ImplementationKind;
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

class SpecReadingTest {

    static Stream<Reading> readings() {
        return Arrays.stream(Tokenizer.values()).flatMap(tokenizer -> Arrays.stream(Normalizer.values())
                .map(normalizer -> new Reading(
                        tokenizer, normalizer, true, tokenizer == Tokenizer.BYTES ? List.of() : List.of("<eos>"))));
    }

    @ParameterizedTest
    @MethodSource("readings")
    void aReadingIsTheSameAfterTheWayThroughASpecAndABlock(Reading reading) {
        // Given
        CorpusSpec spec = SpecReading.spec(reading);
        TokenBlock block = SpecReading.block(reading)
                .setFirstPosition(0)
                .setFirstNewId(1)
                .setNewEntries(List.of())
                .setTokens(List.of())
                .setTextPartition(0)
                .setTextOffset(0)
                .build();

        // When, Then
        assertThat(SpecReading.reading(spec)).isEqualTo(reading);
        assertThat(SpecReading.reading(block)).isEqualTo(reading);
        assertThat(spec.getTraining()).isNull();
    }

    @ParameterizedTest
    @EnumSource(Cell.class)
    void settingsAreTheSameAfterTheWayThroughASpec(Cell cell) {
        // Given
        TrainingSpec training = training()
                .setCell(SpecReading.kind(cell))
                .setEpochs(7)
                .setLearningRate(0.5)
                .build();

        // When
        TrainingSettings settings = SpecReading.settings(training);

        // Then
        assertThat(SpecReading.spec(Reading.DEFAULT, settings).getTraining()).isEqualTo(training);
    }

    @Test
    void everyCellOfTheContractIsOneOfTheModel() {
        // When, Then
        assertThat(Arrays.stream(Cell.values()).map(SpecReading::kind)).containsExactlyInAnyOrder(CellKind.values());
    }

    @Test
    void anImpossibleValueIsNamed() {
        // When, Then
        assertThatThrownBy(() -> SpecReading.settings(training().setHidden(0).build()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("hidden must be at least 1, not 0");
    }

    /** Names every enum: Avro trusts their classes only once a serde was made. */
    private static TrainingSpec.Builder training() {
        return TrainingSpec.newBuilder()
                .setCell(CellKind.GRU)
                .setOutput(OutputKind.LINEAR)
                .setInitialization(InitializationKind.PYTORCH)
                .setImplementation(ImplementationKind.NATIVE)
                .setSampling(SamplingKind.SEQUENTIAL)
                .setOptimizer(OptimizerKind.SGD);
    }
}
