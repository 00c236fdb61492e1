package io.inkstream.systemtests.clients;

import static org.awaitility.Awaitility.await;

import io.inkstream.cli.stack.EmbeddedStack;
import io.inkstream.client.InkstreamClient;
import io.inkstream.client.TextProducer;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.launcher.services.ServiceSettings;
import io.inkstream.platform.config.Connection;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.TrainingSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A pipeline for all test classes of this process that use other people's clients: broker, registry and the three services, with the
 * default topics and a model of the corpus {@code wells}, which the documents' commands name. The model is trained to its end, so that
 * it does not change. The pipeline starts with the first call and ends with the process.
 */
final class ClientsPipeline {

    /** The corpus of the documents' commands. */
    static final String WELLS = "wells";

    static final Duration TIMEOUT = Duration.ofSeconds(90);
    static final TopicNames TOPICS = new TopicNames(TopicNames.DEFAULT_PREFIX);

    private static final int PARTITIONS = 4;

    private final EmbeddedStack stack;

    private ClientsPipeline(EmbeddedStack stack) {
        this.stack = stack;
    }

    /** The running pipeline. */
    static ClientsPipeline get() {
        return Shared.PIPELINE;
    }

    /** How to reach its broker and its registry. */
    Connection connection() {
        return stack.connection();
    }

    /** Our own client. */
    InkstreamClient client() {
        return new InkstreamClient(connection(), TOPICS);
    }

    /** Sends text with our own client, and waits until ingest has read it. */
    void send(String corpus, String text) {
        try (TextProducer producer = client().text(corpus)) {
            producer.send(text);
            client().awaitIngest(producer.flush(), TIMEOUT);
        }
    }

    private static ClientsPipeline start() {
        try {
            Path folder = Files.createTempDirectory("inkstream-clients");
            ServiceSettings settings = new ServiceSettings(PARTITIONS, "auto", "cpu", 1, Duration.ofSeconds(1), 0);
            EmbeddedStack stack = EmbeddedStack.onFreePorts(folder, Map.of(), TOPICS, settings);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(stack, folder), "end-clients-pipeline"));
            stack.start();
            ClientsPipeline pipeline = new ClientsPipeline(stack);
            pipeline.trainWells();
            return pipeline;
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void end(EmbeddedStack stack, Path folder) {
        stack.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void trainWells() {
        send(WELLS, Books.story().repeat(3));
        TrainingSpec training = TrainingSpec.newBuilder()
                .setHidden(32)
                .setBatch(8)
                .setWindow(16)
                .setMaxTokens(1_000) // text that arrives later is not trained on
                .setEpochs(2)
                .build();
        client().specs().train(WELLS, training);
        await("training of " + WELLS).atMost(TIMEOUT).until(() -> {
            stack.requireLive();
            return client().awaitCheckpoint(WELLS, Duration.ofSeconds(1))
                    .filter(CheckpointManifest::getFinished)
                    .isPresent();
        });
    }

    private static final class Shared {

        static final ClientsPipeline PIPELINE = start();
    }
}
