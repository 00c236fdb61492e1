package io.inkstream.systemtests.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.inkstream.schemas.Completion;
import io.inkstream.schemas.PrefixRequest;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The documents' commands for Kafka's console producer and consumer. */
@Tag("external")
@Timeout(300)
class ConsoleToolsTest {

    @TempDir
    Path folder;

    private ClientsPipeline pipeline;
    private Shell shell;

    @BeforeEach
    void start() {
        pipeline = ClientsPipeline.get();
        shell = KafkaScripts.in(new Shell(folder, pipeline.connection())).with("book.txt", Books.story());
    }

    @AfterEach
    void stop() {
        shell.close();
    }

    @Test
    void sendsABookByKey() {
        // Given
        SentText wells = SentText.to(pipeline);

        // When
        shell.output(Documents.command(Documents.CLIENTS, "kafka-console-producer.sh", "s/^/wells"));

        // Then
        wells.awaitAppended(Books.story());
    }

    @Test
    void sendsABookByHeader() {
        // Given
        SentText wells = SentText.to(pipeline);

        // When
        shell.output(Documents.command(Documents.CLIENTS, "kafka-console-producer.sh", "s/^/inkstream.corpus:wells"));

        // Then
        wells.awaitAppended(Books.story());
    }

    @Test
    void asksForACompletionInPlainText() {
        // Given
        Completion expected = Completions.of(
                pipeline,
                PrefixRequest.newBuilder().setPrefix("the planet mars").setMaxTokens(20));

        // When
        shell.output(Documents.command(Documents.CLIENTS, "kafka-console-producer.sh", "inkstream.prefixes"));

        // Then
        String replies = Documents.command(Documents.CLIENTS, "kafka-console-consumer.sh");
        await("reply").atMost(ClientsPipeline.TIMEOUT).untilAsserted(() -> assertThat(
                        shell.run(replies).out().lines())
                .contains("inkstream.finish:length,inkstream.corpus:wells,inkstream.checkpoint:%s\tconsole-request\t%s"
                        .formatted(expected.getCheckpoint().getSha256(), expected.getPrefix() + expected.getText())));
    }
}
