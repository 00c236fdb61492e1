package io.inkstream.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.inkstream.schemas.CellKind;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.Completion;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.FinishReason;
import io.inkstream.schemas.InitializationKind;
import io.inkstream.schemas.NormalizerKind;
import io.inkstream.schemas.OptimizerKind;
import io.inkstream.schemas.OutputKind;
import io.inkstream.schemas.SamplingKind;
import io.inkstream.schemas.SourceRange;
import io.inkstream.schemas.TokenizerKind;
import io.inkstream.schemas.TrainingSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

public class DemoReportTest {

    @TempDir
    Path folder;

    @Test
    void writesWhatItPromises() throws IOException {
        // Given
        Path file = folder.resolve("report.json");
        DemoReport report = new DemoReport("wells", 10_000, manifest(), 98_765.43, 61.25, List.of(completion()));

        // When
        report.write(file);

        // Then
        ObjectMapper json = new ObjectMapper();
        assertThat(json.readTree(Files.readString(file))).isEqualTo(json.readTree("""
                {"corpus": "wells", "tokens": 10000, "vocabulary": 28, "cell": "rnn", "hidden": 256, "epochs": 500,
                 "perplexity": 1.25, "tokensPerSecond": 98765.4, "engine": "java", "device": "cpu", "seconds": 61.3,
                 "checkpoint": {"sha256": "abc", "step": 4500},
                 "completions": [{"prefix": "time", "text": " traveller", "temperature": 0.7}]}
                """));
    }

    private static Completion completion() {
        return Completion.newBuilder()
                .setPrefix("time")
                .setText(" traveller")
                .setTokens(10)
                .setUnknownTokens(0)
                .setFinish(FinishReason.LENGTH)
                .setTemperature(0.7)
                .setMilliseconds(3)
                .build();
    }

    public static CheckpointManifest manifest() {
        return CheckpointManifest.newBuilder()
                .setSha256("abc")
                .setWeightsSha256("def")
                .setBytes(356_056)
                .setSlot(1)
                .setCheckpointPartition(0)
                .setChunkOffsets(List.of(3L))
                .setStep(4_500)
                .setEpoch(500)
                .setPerplexity(1.25)
                .setTokensTrained(5_000_000)
                .setFinished(true)
                .setVocabularySize(28)
                .setSpec(CorpusSpec.newBuilder()
                        .setTokenizer(TokenizerKind.CHARACTERS)
                        .setNormalizer(NormalizerKind.LETTERS)
                        .setTraining(TrainingSpec.newBuilder()
                                .setCell(CellKind.RNN_TANH)
                                .setOutput(OutputKind.LINEAR)
                                .setInitialization(InitializationKind.PYTORCH)
                                .setSampling(SamplingKind.SEQUENTIAL)
                                .setOptimizer(OptimizerKind.SGD)
                                .build())
                        .build())
                .setEngine("java")
                .setDevice("cpu")
                .setThreads(4)
                .setSource(new SourceRange(0L, 10_000L, 0, 0L, 0L, 0, 0L, 0L))
                .setCreatedAt(Instant.parse("2026-11-21T12:00:00Z"))
                .build();
    }
}
