package io.inkstream.languagemodel.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.inkstream.languagemodel.Deviations;
import io.inkstream.languagemodel.EachEngine;
import io.inkstream.languagemodel.EnginesUnderTest;
import io.inkstream.languagemodel.Python;
import io.inkstream.languagemodel.corpus.Corpus;
import io.inkstream.languagemodel.corpus.KnownTokens;
import io.inkstream.languagemodel.corpus.TokenSource;
import io.inkstream.languagemodel.decoding.Decoder;
import io.inkstream.languagemodel.decoding.DecodingOptions;
import io.inkstream.languagemodel.decoding.Generation;
import io.inkstream.languagemodel.engine.EngineKind;
import io.inkstream.languagemodel.network.Cell;
import io.inkstream.languagemodel.sampling.Sampler;
import io.inkstream.languagemodel.settings.NetworkSettings;
import io.inkstream.languagemodel.settings.OptimizerRule;
import io.inkstream.languagemodel.settings.OptimizerSettings;
import io.inkstream.languagemodel.settings.SamplingSettings;
import io.inkstream.languagemodel.settings.TrainingSettings;
import io.inkstream.languagemodel.text.Normalizer;
import io.inkstream.languagemodel.text.Reading;
import io.inkstream.languagemodel.text.Tokenizer;
import io.inkstream.languagemodel.training.Engines;
import io.inkstream.languagemodel.training.Evaluation;
import io.inkstream.languagemodel.training.RunState;
import io.inkstream.languagemodel.training.TrainingRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models that are exported to PyTorch and imported from it. */
@EachEngine
class PyTorchTest {

    private static final String PREFIX = "the river";

    @Parameter
    EngineKind kind;

    @TempDir
    Path folder;

    /** Before each, not before all: only a test that has started is reported as skipped. */
    @BeforeEach
    void requirePython() throws InterruptedException {
        Python.require();
    }

    @ParameterizedTest
    @CsvSource({
        "RNN_TANH, 1, 0",
        "RNN_RELU, 1, 0",
        "GRU, 1, 0",
        "LSTM, 1, 0",
        "GRU, 2, 6",
        "LSTM, 2, 6",
        "RNN_TANH, 2, 6"
    })
    void anExportedModelGivesTheSameResultsInPyTorch(Cell cell, int layers, int embedding)
            throws IOException, InterruptedException {
        // Given
        Corpus corpus = corpus();
        Engines engines = EnginesUnderTest.with(kind);
        Checkpoint checkpoint = trained(corpus, cell, layers, embedding, engines);
        long known = corpus.tokens().size();
        TokenSource heldOut =
                KnownTokens.of(corpus, 0, 1, corpus.vocabularySize()).section(corpus.tokens(), known - 600, known);

        // When
        Path model = folder.resolve("model.safetensors");
        Files.write(model, checkpoint.modelFile("abc").toByteArray());
        Path ids = folder.resolve("ids.json");
        new ObjectMapper()
                .writeValue(
                        ids.toFile(),
                        LongStream.range(0, heldOut.size()).map(heldOut::id).toArray());
        JsonNode there = Python.run(
                Path.of("src/main/python/inkstream_model.py"),
                model.toString(),
                "--prefix",
                PREFIX,
                "--ids",
                ids.toString(),
                "--lanes",
                "8",
                "--window",
                "10");

        // Then it loads strictly, predicts equally well, and generates the same text
        Deviations deviations =
                new Deviations("export of %s, %d layers, embedding %d".formatted(cell, layers, embedding));
        deviations.relative(
                "perplexity",
                Evaluation.perplexity(checkpoint, heldOut, 8, 10, engines.configured()),
                there.get("perplexity").asDouble());
        deviations.requireAtMost(Map.of("perplexity", 1e-3));
        assertThat(there.get("completion").asText()).isEqualTo(completed(checkpoint, PREFIX, 50));
        assertThat(there.get("parameters").asLong())
                .isEqualTo(checkpoint.shape().parameterCount());
    }

    @ParameterizedTest
    @CsvSource({"rnn_tanh, 0", "rnn_relu, 5", "gru, 0", "lstm, 5"})
    void aModelFromPyTorchGivesTheSameResultsHere(String cell, int embedding) throws IOException, InterruptedException {
        // Given
        Path file = folder.resolve("model.safetensors");
        JsonNode there = Python.run(
                Path.of("src/test/python/train_small_model.py"), file.toString(), cell, Integer.toString(embedding));

        // When
        Checkpoint model = ModelFile.read(Files.readAllBytes(file));

        // Then
        assertThat(model.shape().cell()).isEqualTo(Cell.valueOf(cell.toUpperCase(Locale.ROOT)));
        assertThat(model.shape().layers()).isEqualTo(2);
        assertThat(completed(model, "the old ", 40))
                .isEqualTo(there.get("completion").asText());
        assertThat(model.cursor().perplexity())
                .isEqualTo(there.get("perplexity").asDouble());
    }

    private static Checkpoint trained(Corpus corpus, Cell cell, int layers, int embedding, Engines engines) {
        TrainingSettings settings = new TrainingSettings(
                NetworkSettings.of(cell, 24).with(layers, embedding),
                SamplingSettings.of(Sampler.Method.SEQUENTIAL, 8, 10).withMaxTokens(2_400),
                new OptimizerSettings(OptimizerRule.ADAM, 0.01, 1),
                8,
                1);
        try (TrainingRun run = TrainingRun.begin(corpus, settings, engines)) {
            while (run.state() instanceof RunState.Training) {
                run.step();
            }
            return run.checkpoint().orElseThrow();
        }
    }

    private static String completed(Checkpoint checkpoint, String prefix, int tokens) {
        Decoder decoder =
                new Decoder(checkpoint.shape(), checkpoint.parameters(), checkpoint.vocabulary(), checkpoint.reading());
        Generation generation = decoder.begin(prefix, DecodingOptions.greedy(tokens));
        while (generation.state().isRunning()) {
            decoder.step(List.of(generation));
        }
        return generation.text();
    }

    /** Words in random order: there is something to learn, but nothing to memorize. */
    private static Corpus corpus() {
        String[] words = {"the ", "river ", "carries ", "an ", "old ", "press ", "and ", "prints "};
        Random random = new Random(5);
        StringBuilder text = new StringBuilder();
        while (text.length() < 3_000) {
            text.append(words[random.nextInt(words.length)]);
        }
        List<String> entries = new ArrayList<>();
        int[] ids = new int[text.length()];
        for (int i = 0; i < ids.length; i++) {
            String token = text.substring(i, i + 1);
            if (!entries.contains(token)) {
                entries.add(token);
            }
            ids[i] = entries.indexOf(token) + 1;
        }
        Corpus corpus = new Corpus(Reading.of(Tokenizer.CHARACTERS, Normalizer.VERBATIM));
        corpus.append(entries, ids);
        return corpus;
    }
}
