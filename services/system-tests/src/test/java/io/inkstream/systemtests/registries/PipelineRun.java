package io.inkstream.systemtests.registries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.launcher.services.Pipeline;
import io.inkstream.launcher.services.ServiceSettings;
import io.inkstream.platform.config.Connection;
import io.inkstream.systemtests.processes.Outcome;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A text through the whole pipeline: the three services in this process, and the command line as users have it. */
final class PipelineRun implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(90);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int EPOCHS = 3;
    private static final List<String> DAYS = List.of("one", "two", "three", "four", "five", "six", "seven");

    private final Connection connection;
    private final String prefix;
    private final Pipeline services;

    /** Starts the services. */
    PipelineRun(Connection connection, String prefix) {
        this.connection = connection;
        this.prefix = prefix;
        this.services = new Pipeline(
                connection,
                new TopicNames(prefix),
                new ServiceSettings(1, "auto", "cpu", 1, Duration.ofSeconds(1), 0),
                new SimpleMeterRegistry());
        services.start();
    }

    /** From text to a completion, the checkpoint behind it trained again and compared, and no record rejected on the way. */
    void turnsTextIntoVerifiedCompletions(Path folder) {
        // When
        produce(folder);
        run(
                "train",
                "--corpus",
                "tides",
                "--hidden",
                "16",
                "--max-tokens",
                "2000",
                "--epochs",
                Integer.toString(EPOCHS));
        await().atMost(TIMEOUT).until(() -> complete().at("/checkpoint/epoch").asInt() == EPOCHS);
        JsonNode completion = complete();

        // Then
        assertThat(completion.path("text").asText()).hasSize(20);
        assertThat(completion.at("/checkpoint/source/endPosition").asLong()).isEqualTo(2_000);
        assertThat(complete().path("text")).isEqualTo(completion.path("text"));
        assertThat(run("verify", "--corpus", "tides"))
                .contains(completion.at("/checkpoint/sha256").asText().substring(0, 10));
        assertThat(run("corpora")).contains("tides");
        assertNoDeadLetters();
        assertThat(services.ready()).isTrue();
    }

    /** Sends a text of 2,500 characters or somewhat more. */
    void produce(Path folder) {
        run("produce", "--corpus", "tides", text(folder.resolve("text.txt")).toString());
    }

    void assertCompletes() {
        assertThat(complete().path("text").asText()).hasSize(20);
    }

    private JsonNode complete() {
        return json(List.of(
                "complete",
                "--corpus",
                "tides",
                "--wait",
                "60",
                "--json",
                "--temperature",
                "0.7",
                "--seed",
                "7",
                "--max-tokens",
                "20",
                "the tide"));
    }

    void assertNoDeadLetters() {
        assertThat(json(List.of("dead-letters", "--json"))).isEmpty();
    }

    void awaitReady() {
        await().atMost(TIMEOUT).until(services::ready);
    }

    Pipeline services() {
        return services;
    }

    @Override
    public void close() {
        services.close();
    }

    private JsonNode json(List<String> command) {
        String out = run(command.toArray(String[]::new));
        try {
            return JSON.readTree(out);
        } catch (JsonProcessingException e) {
            throw new AssertionError(out, e);
        }
    }

    private String run(String... command) {
        List<String> arguments = new ArrayList<>(List.of(command));
        arguments.addAll(List.of(
                "--bootstrap-servers", connection.bootstrapServers(),
                "--schema-registry", connection.schemaRegistryUrl(),
                "--serde-class", connection.serdeClass(),
                "--topic-prefix", prefix));
        Outcome outcome = Outcome.of(environment(), arguments.toArray(String[]::new));
        assertThat(outcome.exitCode()).as("%s: %s", arguments, outcome.err()).isZero();
        return outcome.out();
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        connection
                .kafkaProperties()
                .forEach((name, value) ->
                        environment.put("KAFKA_" + name.toUpperCase(Locale.ROOT).replace('.', '_'), value));
        return environment;
    }

    private static Path text(Path file) {
        StringBuilder text = new StringBuilder();
        for (int day = 0; text.length() < 2_500; day++) {
            text.append(
                    "on day %s the tide turned and the boats came home with the wind%n".formatted(DAYS.get(day % 7)));
        }
        try {
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
