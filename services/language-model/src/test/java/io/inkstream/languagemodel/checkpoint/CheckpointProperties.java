package io.inkstream.languagemodel.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inkstream.languagemodel.engine.EngineKind;
import io.inkstream.languagemodel.network.Cell;
import io.inkstream.languagemodel.network.ModelShape;
import io.inkstream.languagemodel.network.NetworkState;
import io.inkstream.languagemodel.network.Tensor;
import io.inkstream.languagemodel.sampling.Sampler;
import io.inkstream.languagemodel.settings.NetworkSettings;
import io.inkstream.languagemodel.settings.OptimizerRule;
import io.inkstream.languagemodel.settings.OptimizerSettings;
import io.inkstream.languagemodel.settings.SamplingSettings;
import io.inkstream.languagemodel.settings.TrainingSettings;
import io.inkstream.languagemodel.text.Normalizer;
import io.inkstream.languagemodel.text.Reading;
import io.inkstream.languagemodel.text.Tokenizer;
import io.inkstream.languagemodel.text.Vocabulary;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Every checkpoint that can be written can be read, whatever its content and size. */
class CheckpointProperties {

    private static final List<String> AWKWARD = List.of(
            "", "\"", "\\", "\0", "\n", "\u2028", "\ufeff", "ü", "u\u0308", "墨", "🖋", "\ud83d\udd8b\ufe0f", "<unk>");

    private static final List<Optional<EngineKind>> ENGINES =
            List.of(Optional.empty(), Optional.of(EngineKind.JAVA), Optional.of(EngineKind.PYTORCH));

    @Property(tries = 200)
    void readsWhatItWrote(@ForAll("texts") List<String> texts, @ForAll Random random) {
        // Given
        List<String> entries =
                Stream.concat(AWKWARD.stream(), texts.stream()).distinct().toList();
        Checkpoint checkpoint = checkpoint(entries, history(random.nextInt(20), random));

        // When
        byte[] file = checkpoint.write();
        Checkpoint read = Checkpoint.read(file);

        // Then
        assertThat(read.vocabulary().entries()).isEqualTo(entries);
        assertThat(read.history()).isEqualTo(checkpoint.history());
        assertThat(read.network()).isEqualTo(checkpoint.network());
        assertThat(read.cursor()).isEqualTo(checkpoint.cursor());
        assertThat(read.settings()).isEqualTo(checkpoint.settings());
        assertThat(read.engine()).isEqualTo(checkpoint.engine());
        assertThat(read.write()).isEqualTo(file);
    }

    /** Beyond the 20 million characters that a JSON parser accepts for one string. */
    @Example
    void aVocabularyOfTwentyFiveMillionCharactersIsRead() {
        // Given
        List<String> words = IntStream.range(0, 200_000)
                .mapToObj(i -> "a long word \"" + "x".repeat(100) + i)
                .toList();
        Checkpoint checkpoint = checkpoint(words, List.of());

        // When
        Checkpoint read = Checkpoint.read(checkpoint.write());

        // Then
        assertThat(read.vocabulary().entries().equals(words)).isTrue();

        // And so does an exported model
        Checkpoint imported = ModelFile.read(checkpoint.modelFile("sha").toByteArray());
        assertThat(imported.vocabulary().entries().equals(words)).isTrue();
    }

    @Example
    void aHistoryOfFiftyThousandSpansIsRead() {
        // Given
        Checkpoint checkpoint = checkpoint(List.of("a", "b"), history(50_000, new Random(1)));

        // When
        byte[] file = checkpoint.write();
        Checkpoint read = Checkpoint.read(file);

        // Then
        assertThat(read.history()).isEqualTo(checkpoint.history());
        assertThat(file.length).isLessThan(50_000 * 58);

        // Then an exported model does not contain it
        assertThat(checkpoint.modelFile("sha").bytes()).isLessThan(5_000);
    }

    @Example
    void rejectsAVocabularyThatIsNotTextOnWrite() {
        assertThatThrownBy(
                        () -> checkpoint(List.of("a", "half \ud83d"), List.of()).write())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not Unicode text");
    }

    /** The format's limit is 100 MB; each character of this vocabulary takes six bytes in a header. */
    @Example
    void rejectsAVocabularyThatDoesNotFitIntoAHeaderOnExport() {
        Checkpoint checkpoint = checkpoint(List.of("\0".repeat(17_000_000)), List.of());
        assertThatThrownBy(() -> checkpoint.modelFile("sha"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the maximum of a safetensors file is 100000000: its vocabulary is too large");

        // And it fits into a checkpoint nevertheless
        assertThat(Checkpoint.read(checkpoint.write()).vocabulary().size()).isEqualTo(2);
    }

    @Provide
    Arbitrary<List<String>> texts() {
        return Arbitraries.integers()
                .between(0, Character.MAX_CODE_POINT)
                .filter(point -> point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE)
                .list()
                .ofMaxSize(5)
                .map(points -> points.stream().map(Character::toString).reduce("", String::concat))
                .list()
                .ofMaxSize(20);
    }

    static Checkpoint checkpoint(List<String> entries, List<Span> history) {
        TrainingSettings settings = settings(1, 0.5);
        Map<String, Tensor> parameters = new LinkedHashMap<>();
        ModelShape shape = settings.shape(entries.size() + 1);
        shape.parameterShapes().forEach((name, dimensions) -> parameters.put(name, Tensor.zeros(dimensions)));
        return new Checkpoint(
                NetworkState.of(shape, parameters),
                new Vocabulary(entries),
                Reading.of(Tokenizer.WORDS, Normalizer.VERBATIM),
                settings,
                new Cursor(7, 1, 1, 1_000, 0, 0, 3.5, Double.NaN, 700),
                history,
                EngineKind.JAVA,
                "cpu",
                2);
    }

    private static List<Span> history(int spans, Random random) {
        List<Span> history = new ArrayList<>();
        for (int i = 0; i < spans; i++) {
            history.add(new Span(
                    i,
                    random.nextLong(1L << 60),
                    random.nextInt(9),
                    random.nextInt(1, Integer.MAX_VALUE),
                    settings(random.nextInt(1, 40), 1 / (1.0 + random.nextInt(3))),
                    ENGINES.get(random.nextInt(ENGINES.size())),
                    random.nextInt(64)));
        }
        return history;
    }

    private static TrainingSettings settings(int epochs, double learningRate) {
        return new TrainingSettings(
                NetworkSettings.of(Cell.RNN_TANH, 1),
                SamplingSettings.of(Sampler.Method.SEQUENTIAL, 4, 9),
                new OptimizerSettings(OptimizerRule.SGD, learningRate, 1),
                epochs,
                7);
    }
}
