package io.inkstream.systemtests.clients;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The documents' standalone worker of Kafka Connect: one transformation, InsertHeader, sends a file to a corpus. */
@Tag("external")
@Timeout(300)
class ConnectStandaloneTest {

    @TempDir
    Path folder;

    private ClientsPipeline pipeline;
    private Shell shell;

    @BeforeEach
    void start() {
        pipeline = ClientsPipeline.get();
        shell = KafkaScripts.in(new Shell(folder, pipeline.connection()))
                .with(Documents.PROGRAMS.resolve("connect/standalone.properties"))
                .with(Documents.PROGRAMS.resolve("connect/book-source.properties"))
                .with("book.txt", Books.story());
    }

    @AfterEach
    void stop() {
        shell.close();
    }

    @Test
    void sendsAFileAndWhatIsAppendedToIt() throws Exception {
        // Given
        SentText wells = SentText.to(pipeline);
        String worker = Documents.command(Documents.CLIENTS, "connect-standalone.sh");

        // When
        shell.start(worker, "worker");
        wells.awaitAppended(Books.story());
        SentText appended = SentText.to(pipeline);
        Files.writeString(folder.resolve("book.txt"), Books.story(), StandardOpenOption.APPEND);

        // Then
        appended.awaitAppended(Books.story());
    }
}
