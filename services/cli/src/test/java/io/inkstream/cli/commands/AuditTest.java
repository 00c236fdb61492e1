package io.inkstream.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.inkstream.cli.Invocation;
import io.inkstream.cli.stack.EmbeddedStack;
import io.inkstream.client.CorpusRun;
import io.inkstream.corpuslog.topics.CorpusPartition;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.launcher.services.ServiceSettings;
import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.schemas.CellKind;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.NormalizerKind;
import io.inkstream.schemas.SamplingKind;
import io.inkstream.schemas.TokenizerKind;
import io.inkstream.schemas.TrainingSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a model was trained on can be listed, verified and rolled back. */
@Timeout(180)
class AuditTest {

    private static final int PARTITIONS = 2;
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path folder;

    private static EmbeddedStack stack;
    private static TopicNames topics;
    private static CheckpointManifest press;

    @BeforeAll
    static void train() throws InterruptedException {
        topics = new TopicNames(TopicNames.DEFAULT_PREFIX);
        stack = EmbeddedStack.onFreePorts(
                folder.resolve("data"),
                Map.of(),
                topics,
                new ServiceSettings(PARTITIONS, "auto", "cpu", 1, Duration.ofSeconds(1), 1));
        stack.start();
        press = trained("press", training(SamplingKind.SEQUENTIAL));
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @Test
    void verifyTrainsAgainAndFindsTheVeryWeights() throws IOException {
        // When
        Invocation verified = inkstream("verify", "--corpus", "press");

        // Then
        assertThat(verified.exitCode()).as(verified.err()).isZero();
        assertThat(verified.out())
                .startsWith("Training checkpoint %s of 'press' again: "
                        .formatted(press.getSha256().substring(0, 10)))
                .contains("identical: after step %,d the weights have the SHA-256 %s."
                        .formatted(press.getStep(), press.getWeightsSha256()));

        // And each of its epochs was held against the record
        JsonNode json =
                JSON.readTree(inkstream("verify", "--corpus", "press", "--json").out());
        assertThat(json.get("identical").asBoolean()).isTrue();
        assertThat(json.get("agreed").asInt()).isGreaterThanOrEqualTo((int) press.getStep() + press.getEpoch() + 1);
    }

    @Test
    void verifyRepeatsAStreamThatWasReadOnce() throws InterruptedException {
        // Given
        CheckpointManifest stream = trained("stream", training(SamplingKind.ONLINE));
        assertThat(stream.getTokensTrained()).isEqualTo(32_600 / (8 * 20 * 8) * (8 * 20 * 8));

        // When
        Invocation verified = inkstream("verify", "--corpus", "stream");

        // Then
        assertThat(verified.exitCode()).as(verified.err()).isZero();
        assertThat(verified.out()).contains("identical: ");
        assertThat(inkstream("provenance", "--corpus", "stream").out())
                .containsPattern("resumes at   offset \\d+ of the token topic, token \\d+")
                .contains("online in segments of 8 windows")
                .contains("0–31,999, once");
    }

    @Test
    void verifySaysWhereWeightsPartedFromTheRecord() throws Exception {
        // Given a manifest that claims other weights than its training gives
        CheckpointManifest model = trained("forged", training(SamplingKind.RANDOM));
        forge(
                "forged",
                CheckpointManifest.newBuilder(model)
                        .setWeightsSha256("0".repeat(64))
                        .setNumber(model.getNumber() + 1)
                        .build());

        // When
        Invocation verified = inkstream("verify", "--corpus", "forged");

        // Then
        assertThat(verified.exitCode()).isEqualTo(1);
        assertThat(verified.out())
                .contains("different: after step %,d the weights have the SHA-256 %s, but %s is recorded"
                        .formatted(model.getStep(), model.getWeightsSha256(), "0".repeat(64)));
    }

    @Test
    void provenanceNamesTopicsOffsetsAndEpochs() {
        // When
        Invocation provenance = inkstream("provenance", "--corpus", "press");

        // Then
        assertThat(provenance.out())
                .contains("checkpoint   " + press.getSha256())
                .contains("tokens       0 to 4,999 of the corpus")
                .contains("token topic  inkstream.tokens, partition %d, offset %d"
                        .formatted(
                                press.getSource().getTokenPartition(),
                                press.getSource().getFirstTokenOffset()))
                .contains("text topic   inkstream.text, partition ")
                .contains(", on cpu with the java engine\n")
                .containsPattern(
                        "1–6 +0–4,999 +2\\d +java +any +gru of 24, one-hot, batch 8, window 20, first 5,000 tokens");
    }

    @Test
    void rollbackMakesAnOlderCheckpointCurrentAndTheGeneratorServesIt() throws Exception {
        // Given a model with an older checkpoint
        CheckpointManifest first = trained("back", training(SamplingKind.SEQUENTIAL));
        CheckpointManifest second = trained(
                "back",
                TrainingSpec.newBuilder(training(SamplingKind.SEQUENTIAL))
                        .setEpochs(12)
                        .build());
        assertThat(second.getEpoch()).isEqualTo(12);
        assertThat(inkstream("checkpoints", "--corpus", "back").out())
                .contains(first.getSha256().substring(0, 10))
                .contains("kept");

        // When
        Invocation rolledBack = inkstream(
                "rollback", "--corpus", "back", "--to", first.getSha256().substring(0, 8));

        // Then
        assertThat(rolledBack.exitCode()).as(rolledBack.err()).isZero();
        assertThat(rolledBack.out())
                .contains("Checkpoint %s (step %,d, epoch 6"
                        .formatted(first.getSha256().substring(0, 10), first.getStep()))
                .contains("in place of " + second.getSha256().substring(0, 10));
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(
                        JSON.readTree(inkstream("complete", "--corpus", "back", "the old", "--json")
                                        .out())
                                .at("/checkpoint/sha256")
                                .asText())
                .isEqualTo(first.getSha256()));

        // And back again
        assertThat(inkstream("rollback", "--corpus", "back", "--to", second.getSha256())
                        .exitCode())
                .isZero();
    }

    @Test
    void mistakesAreAnsweredWithASentence() {
        assertThat(inkstream("verify", "--corpus", "nobody").err())
                .isEqualTo(
                        "inkstream: Corpus 'nobody' has no checkpoint yet: 'inkstream corpora' lists the corpora.\n");
        assertThat(inkstream("verify", "--corpus", "press", "--checkpoint", "ffffffffff")
                        .err())
                .isEqualTo("inkstream: Corpus 'press' has no checkpoint ffffffffff, or no longer: 'inkstream"
                        + " checkpoints --corpus press' lists them.\n");
        assertThat(inkstream("rollback", "--corpus", "press", "--to", "xyz").exitCode())
                .isEqualTo(2);
        assertThat(inkstream("rollback", "--corpus", "press", "--to", press.getSha256())
                        .err())
                .contains("is the current one of corpus 'press': there is nothing to roll back.");
    }

    private static CheckpointManifest trained(String corpus, TrainingSpec training) throws InterruptedException {
        CorpusSpec reading = CorpusSpec.newBuilder()
                .setTokenizer(TokenizerKind.CHARACTERS)
                .setNormalizer(NormalizerKind.LETTERS)
                .build();
        CorpusRun run = new CorpusRun(stack.connection(), topics, corpus, stack::requireLive);
        if (inkstream("checkpoints", "--corpus", corpus).exitCode() != 0) {
            run.ingest(DemoText.builtIn().source(), reading);
        }
        return run.train(CorpusSpec.newBuilder(reading).setTraining(training).build(), view -> {})
                .manifest();
    }

    private static TrainingSpec training(SamplingKind sampling) {
        return TrainingSpec.newBuilder()
                .setCell(CellKind.GRU)
                .setHidden(24)
                .setBatch(8)
                .setWindow(20)
                .setEpochs(6)
                .setMaxTokens(sampling == SamplingKind.ONLINE ? 0 : 5_000)
                .setSampling(sampling)
                .build();
    }

    private static void forge(String corpus, CheckpointManifest manifest) throws Exception {
        String models = topics.of(Topic.MODELS);
        try (Serializer<CheckpointManifest> serializer = RecordSerdes.serializer(stack.connection());
                KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                        stack.connection().clientProperties(), new StringSerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(
                            models,
                            new CorpusPartition(PARTITIONS).of(corpus),
                            corpus,
                            serializer.serialize(models, manifest)))
                    .get();
        }
    }

    private static Invocation inkstream(String... arguments) {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        all.addAll(List.of(
                "--bootstrap-servers",
                stack.connection().bootstrapServers(),
                "--schema-registry",
                stack.connection().schemaRegistryUrl()));
        return Invocation.of(all.toArray(String[]::new));
    }
}
