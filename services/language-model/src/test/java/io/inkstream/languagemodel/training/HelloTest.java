package io.inkstream.languagemodel.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.languagemodel.EachEngine;
import io.inkstream.languagemodel.EnginesUnderTest;
import io.inkstream.languagemodel.checkpoint.Checkpoint;
import io.inkstream.languagemodel.corpus.Corpus;
import io.inkstream.languagemodel.decoding.Decoder;
import io.inkstream.languagemodel.decoding.DecodingOptions;
import io.inkstream.languagemodel.decoding.Generation;
import io.inkstream.languagemodel.engine.EngineKind;
import io.inkstream.languagemodel.network.Cell;
import io.inkstream.languagemodel.network.Output;
import io.inkstream.languagemodel.sampling.Sampler;
import io.inkstream.languagemodel.settings.NetworkSettings;
import io.inkstream.languagemodel.settings.OptimizerRule;
import io.inkstream.languagemodel.settings.OptimizerSettings;
import io.inkstream.languagemodel.settings.SamplingSettings;
import io.inkstream.languagemodel.settings.TrainingSettings;
import io.inkstream.languagemodel.text.Normalizer;
import io.inkstream.languagemodel.text.Reading;
import io.inkstream.languagemodel.text.Tokenizer;
import java.util.List;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The tutorial in which a network learns within 15 steps to map hello to ohlol. Whether it succeeds depends on the initial
 * weights, so the number of successes among 200 seeds is compared.
 */
@EachEngine
class HelloTest {

    private static final int SEEDS = 200;

    /** Four standard deviations of the difference of two such counts, at most: 4 √(2 · 200 · ½ · ½). */
    private static final int FAR = 40;

    @Parameter
    EngineKind kind;

    @ParameterizedTest
    @CsvSource({
        // PyTorch 2.13, seeds 1 to 200: the tutorial's own modules and step sizes
        "HIDDEN, 4, 1, 0, 0.1, 146",
        "HIDDEN, 4, 1, 0, 0.05, 125",
        "LINEAR, 8, 2, 10, 0.05, 199"
    })
    void asManySeedsSucceedAsInPyTorch(
            Output output, int hidden, int layers, int embedding, double learningRate, int inPyTorch) {
        // Given
        Corpus corpus = new Corpus(Reading.of(Tokenizer.CHARACTERS, Normalizer.VERBATIM));
        corpus.append(List.of("h", "o", "e", "l"), new int[] {1, 2, 3, 1, 4, 4, 4, 2, 2, 4});
        NetworkSettings network = NetworkSettings.of(Cell.RNN_TANH, hidden)
                .with(layers, embedding)
                .with(output);

        // When
        Engines engines = EnginesUnderTest.with(kind);
        int answered = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            TrainingSettings settings = new TrainingSettings(
                    network,
                    SamplingSettings.of(Sampler.Method.PAIRS, 1, 5),
                    new OptimizerSettings(OptimizerRule.ADAM, learningRate, 0),
                    15,
                    seed);
            answered += answer(corpus, settings, engines).equals("ohlol") ? 1 : 0;
        }

        // Then
        System.out.println("%s %s: %d of %d seeds answer ohlol; in PyTorch %d"
                .formatted(kind, output, answered, SEEDS, inPyTorch));
        assertThat(answered).isBetween(inPyTorch - FAR, inPyTorch + FAR);
    }

    /** The most probable token after each prefix of the word. */
    private static String answer(Corpus corpus, TrainingSettings settings, Engines engines) {
        Checkpoint checkpoint;
        try (TrainingRun run = TrainingRun.begin(corpus, settings, engines)) {
            while (run.state() instanceof RunState.Training) {
                run.step();
            }
            checkpoint = run.checkpoint().orElseThrow();
        }
        Decoder decoder =
                new Decoder(checkpoint.shape(), checkpoint.parameters(), checkpoint.vocabulary(), checkpoint.reading());
        StringBuilder answer = new StringBuilder();
        for (String beginning : List.of("h", "he", "hel", "hell", "hello")) {
            Generation generation = decoder.begin(beginning, DecodingOptions.greedy(1));
            while (generation.state().isRunning()) {
                decoder.step(List.of(generation));
            }
            answer.append(generation.text());
        }
        return answer.toString();
    }
}
