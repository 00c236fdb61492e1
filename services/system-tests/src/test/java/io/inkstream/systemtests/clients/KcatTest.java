package io.inkstream.systemtests.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.inkstream.schemas.Completion;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The documents' commands for kcat. */
@Tag("external")
@Timeout(300)
class KcatTest {

    @TempDir
    Path folder;

    private ClientsPipeline pipeline;
    private Shell shell;

    @BeforeEach
    void start() {
        Shell.require("kcat", "apt-get install kcat");
        pipeline = ClientsPipeline.get();
        shell = new Shell(folder, pipeline.connection()).with("book.txt", Books.story());
    }

    @AfterEach
    void stop() {
        if (shell != null) {
            shell.close();
        }
    }

    static Stream<Path> documents() {
        return Stream.of(Documents.README, Documents.CLIENTS);
    }

    @ParameterizedTest
    @MethodSource("documents")
    void sendsABook(Path document) {
        // Given
        SentText wells = SentText.to(pipeline);

        // When
        shell.output(Documents.command(document, "kcat -P", "book.txt"));

        // Then
        wells.awaitAppended(Books.story());
    }

    @ParameterizedTest
    @MethodSource("documents")
    void asksForACompletionInPlainText(Path document) {
        // Given
        Completion expected = Completions.greedy(pipeline, "the planet mars");

        // When
        shell.output(Documents.command(document, "kcat -P", "the planet mars"));

        // Then
        String replies = Documents.command(document, "kcat -C", "inkstream.completions.text");
        await("reply").atMost(ClientsPipeline.TIMEOUT).untilAsserted(() -> assertThat(shell.output(replies))
                .contains(expected.getPrefix() + expected.getText()));
    }
}
