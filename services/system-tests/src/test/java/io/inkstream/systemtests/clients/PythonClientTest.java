package io.inkstream.systemtests.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.inkstream.schemas.Completion;
import io.inkstream.schemas.PrefixRequest;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The documents' Python program, on the packages python3-confluent-kafka and python3-avro of Debian. */
@Tag("external")
@Timeout(300)
class PythonClientTest {

    @TempDir
    Path folder;

    private ClientsPipeline pipeline;
    private Shell shell;

    @BeforeEach
    void start() {
        // Debian's packages belong to Debian's interpreter, which another one may hide.
        Shell.require("/usr/bin/python3", "apt-get install python3-confluent-kafka python3-avro");
        pipeline = ClientsPipeline.get();
        shell = new Shell(folder, pipeline.connection())
                .program("python3", "exec /usr/bin/python3 \"$@\"")
                .with(Documents.PROGRAMS.resolve("python/complete.py"))
                .with(Documents.REQUEST_SCHEMA)
                .with("book.txt", Books.story());
        assumeThat(shell.run("python3 -c 'import avro, confluent_kafka'").exitCode())
                .as("the packages are not installed: apt-get install python3-confluent-kafka python3-avro")
                .isZero();
    }

    @AfterEach
    void stop() {
        if (shell != null) {
            shell.close();
        }
    }

    @Test
    void sendsABookAndDecodesACompletion() {
        // Given
        SentText wells = SentText.to(pipeline);
        Completion expected = Completions.of(
                pipeline,
                PrefixRequest.newBuilder()
                        .setPrefix("the planet mars")
                        .setMaxTokens(30)
                        .setTemperature(0.7)
                        .setSeed(7L));

        // When
        String output = shell.output(Documents.command(Documents.CLIENTS, "python3 complete.py"));

        // Then
        assertThat(output.lines())
                .containsExactly(
                        expected.getPrefix() + expected.getText(),
                        "checkpoint %s, step %d"
                                .formatted(
                                        expected.getCheckpoint().getSha256(),
                                        expected.getCheckpoint().getStep()));
        wells.awaitAppended(Books.story());
    }
}
