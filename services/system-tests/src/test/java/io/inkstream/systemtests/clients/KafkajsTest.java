package io.inkstream.systemtests.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.inkstream.schemas.Completion;
import io.inkstream.schemas.PrefixRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The documents' Node program: kafkajs with Confluent's client of the schema registry. */
@Tag("external")
@Timeout(300)
class KafkajsTest {

    private static final Path PROGRAM = Documents.PROGRAMS.resolve("kafkajs");

    /** Kept between runs: {@code npm ci} takes half a minute. */
    private static final Path FOLDER = Path.of("target/clients/kafkajs");

    private ClientsPipeline pipeline;
    private Shell shell;

    @BeforeEach
    void start() throws IOException {
        Shell.require("node", "install Node.js 20 or newer");
        Shell.require("npm", "install Node.js 20 or newer with npm");
        pipeline = ClientsPipeline.get();
        Files.createDirectories(FOLDER);
        shell = new Shell(FOLDER, pipeline.connection())
                .with(PROGRAM.resolve("package.json"))
                .with(PROGRAM.resolve("package-lock.json"))
                .with(PROGRAM.resolve("complete.js"))
                .with(Documents.REQUEST_SCHEMA);
        requireNode20();
        install();
    }

    @AfterEach
    void stop() {
        if (shell != null) {
            shell.close();
        }
    }

    @Test
    void decodesACompletionAndGetsPlainText() {
        // Given
        Completion drawn = Completions.of(
                pipeline,
                PrefixRequest.newBuilder()
                        .setPrefix("the planet mars")
                        .setMaxTokens(30)
                        .setTemperature(0.7)
                        .setSeed(7L));
        Completion greedy = Completions.of(
                pipeline,
                PrefixRequest.newBuilder().setPrefix("the planet mars").setMaxTokens(30));

        // When
        String output = shell.output(Documents.command(Documents.CLIENTS, "node complete.js"));

        // Then
        assertThat(output.lines())
                .containsExactly(
                        drawn.getPrefix() + drawn.getText(),
                        "checkpoint %s, step %d"
                                .formatted(
                                        drawn.getCheckpoint().getSha256(),
                                        drawn.getCheckpoint().getStep()),
                        greedy.getPrefix() + greedy.getText());
    }

    private void requireNode20() {
        String version = shell.output("node --version").strip();
        assumeThat(Integer.parseInt(version.replaceFirst("v(\\d+)\\..*", "$1")))
                .as("Node.js is %s: install Node.js 20 or newer", version)
                .isGreaterThanOrEqualTo(20);
    }

    /** Installs what the lock file names, unless that has been done. */
    private void install() throws IOException {
        Path lock = PROGRAM.resolve("package-lock.json");
        Path installed = FOLDER.resolve("installed-lock.json");
        if (Files.exists(installed) && Files.mismatch(lock, installed) == -1) {
            return;
        }
        Files.deleteIfExists(installed);
        Shell.Ended reached = shell.run("npm view kafkajs version --fetch-retries=0");
        assumeThat(reached.exitCode())
                .as("npm does not reach its registry, from which it installs kafkajs: %s", reached.err())
                .isZero();
        shell.output("npm ci --ignore-scripts --no-audit --no-fund");
        Files.copy(lock, installed);
    }
}
