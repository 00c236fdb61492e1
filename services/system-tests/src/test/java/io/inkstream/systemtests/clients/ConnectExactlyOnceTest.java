package io.inkstream.systemtests.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.inkstream.client.SpecPublisher;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.ingest.IngestService;
import io.inkstream.ingest.IngestSettings;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.NormalizerKind;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The documents' distributed worker of Kafka Connect with exactly-once source support, which is killed in the middle of a file, started
 * again, stopped and started once more. Three connectors read the same file.
 */
@Tag("external")
@Timeout(400)
class ConnectExactlyOnceTest {

    /** The corpus to which the header alone sends, on topics of four partitions. */
    private static final String HEADER = "connect-header";

    /** The same on topics of one partition. */
    private static final String SINGLE = "connect-single";

    /** The corpus to which three transformations of the key send. */
    private static final String KEY = "connect-key";

    private static final TopicNames SINGLE_TOPICS = new TopicNames("single");
    private static final int LINES = 12_000;

    /** The lines that the file has when the worker is killed. */
    private static final int WRITTEN = 11_000;

    @TempDir
    Path folder;

    private ClientsPipeline pipeline;
    private Shell shell;
    private IngestService single;

    @BeforeEach
    void start() {
        Shell.require("curl", "apt-get install curl");
        pipeline = ClientsPipeline.get();
        single = new IngestService(
                pipeline.connection(), SINGLE_TOPICS, new IngestSettings(1), new SimpleMeterRegistry());
        single.start();
        String byHeader = Documents.read(Documents.PROGRAMS.resolve("connect/book-source.json"));
        String byKey = Documents.read(Documents.PROGRAMS.resolve("connect/ordered-book-source.json"));
        shell = KafkaScripts.in(new Shell(folder, pipeline.connection()))
                .with(Documents.PROGRAMS.resolve("connect/distributed.properties"))
                .with("book-source.json", smallBatches(byHeader.replace("wells", HEADER)))
                .with("ordered-book-source.json", smallBatches(byKey.replace("wells", KEY)))
                .with(
                        "single-book-source.json",
                        smallBatches(byHeader.replace("wells", SINGLE)
                                .replace("\"book\"", "\"single-book\"")
                                .replace("inkstream.text", "single.text")));
        CorpusSpec verbatim =
                CorpusSpec.newBuilder().setNormalizer(NormalizerKind.VERBATIM).build();
        pipeline.client().specs().publish(HEADER, verbatim);
        pipeline.client().specs().publish(KEY, verbatim);
        new SpecPublisher(pipeline.connection(), SINGLE_TOPICS).publish(SINGLE, verbatim);
    }

    @AfterEach
    void stop() {
        if (shell != null) {
            shell.close();
        }
        if (single != null) {
            single.close();
        }
    }

    @Test
    void sendsEachLineOnceWhenItIsKilledAndWhenItIsRestarted() throws Exception {
        // Given
        String worker = Documents.command(Documents.CLIENTS, "connect-distributed.sh");
        String post = Documents.command(Documents.CLIENTS, "curl", "@book-source.json");
        TokenText byHeader = new TokenText(pipeline.connection(), ClientsPipeline.TOPICS, HEADER);
        TokenText byKey = new TokenText(pipeline.connection(), ClientsPipeline.TOPICS, KEY);
        TokenText onOnePartition = new TokenText(pipeline.connection(), SINGLE_TOPICS, SINGLE);
        List<TokenText> all = List.of(byHeader, byKey, onOnePartition);
        String book = Books.lines(0, LINES);

        // When the worker is killed in the middle of the file
        Process first = shell.start(worker, "first");
        await("REST interface")
                .atMost(ClientsPipeline.TIMEOUT)
                .until(() -> shell.run(post).exitCode() == 0);
        shell.output(post.replace("@book", "@ordered-book"));
        shell.output(post.replace("@book", "@single-book"));
        for (String connector : List.of("book", "ordered-book", "single-book")) {
            awaitRunning(connector);
        }
        Files.writeString(folder.resolve("unfinished"), Books.lines(0, WRITTEN));
        Files.move(folder.resolve("unfinished"), folder.resolve("book.txt"));
        all.forEach(tokens -> tokens.await(1));
        first.destroyForcibly().waitFor();
        append(Books.lines(WRITTEN, LINES));

        // Then the next one sends the rest
        Process second = shell.start(worker, "second");
        assertThat(byKey.await(book.length())).isEqualTo(book);
        assertThat(onOnePartition.await(book.length())).isEqualTo(book);
        assertThat(byHeader.await(book.length()).lines())
                .containsExactlyInAnyOrderElementsOf(book.lines().toList());

        // And the one after it only what was appended
        second.destroy();
        assertThat(second.waitFor(30, TimeUnit.SECONDS)).isTrue();
        append(Books.lines(LINES, LINES + 10));
        String longer = Books.lines(0, LINES + 10);
        shell.start(worker, "third");
        assertThat(byKey.await(longer.length())).isEqualTo(longer);
        assertThat(onOnePartition.await(longer.length())).isEqualTo(longer);
        assertThat(byHeader.await(longer.length()).lines())
                .containsExactlyInAnyOrderElementsOf(longer.lines().toList());
    }

    private void append(String lines) throws IOException {
        Files.writeString(folder.resolve("book.txt"), lines, StandardOpenOption.APPEND);
    }

    private void awaitRunning(String connector) {
        String status = Documents.command(Documents.CLIENTS, "curl", "/status").replace("book", connector);
        await("task of " + connector).atMost(ClientsPipeline.TIMEOUT).untilAsserted(() -> assertThat(
                        shell.output(status))
                .containsSubsequence("\"tasks\":[", "\"RUNNING\""));
    }

    /** So that a file takes many transactions. */
    private static String smallBatches(String connector) {
        return connector.replace("\"file\"", "\"batch.size\": \"50\",\n    \"file\"");
    }
}
