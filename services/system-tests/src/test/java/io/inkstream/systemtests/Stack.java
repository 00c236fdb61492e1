package io.inkstream.systemtests;

import static org.awaitility.Awaitility.await;

import io.inkstream.corpuslog.topics.HomeRecords;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.consumers.LatestByKey;
import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.schemas.CheckpointManifest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;

/** {@code inkstream up} in a process of its own, and commands sent to it. */
final class Stack implements AutoCloseable {

    private static final int PARTITIONS = 4;
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private final Path folder;
    private final InkstreamProcess process;
    private final String broker;
    private final String registry;

    private Stack(Path folder, InkstreamProcess process) {
        this.folder = folder;
        this.process = process;
        process.awaitOutput("^(Ready after)");
        this.broker = process.awaitOutput("Kafka\\s+(\\S+)");
        this.registry = process.awaitOutput("schema registry\\s+(\\S+)");
    }

    /** Starts the stack on a data folder, new or used before. */
    static Stack up(Path folder, String data, String... options) {
        String[] arguments = Stream.concat(
                        Stream.of(
                                "up",
                                "--data",
                                data,
                                "--port",
                                "0",
                                "--registry-port",
                                "0",
                                "--metrics-port",
                                "0",
                                "--device",
                                "cpu",
                                "--threads",
                                "1"),
                        Stream.of(options))
                .toArray(String[]::new);
        return new Stack(folder, InkstreamProcess.start(folder, List.of("-Xmx512m"), arguments));
    }

    /** Runs a command against the stack. */
    InkstreamProcess run(String... command) {
        return InkstreamProcess.run(
                folder,
                Stream.concat(
                                Stream.of(command),
                                Stream.of("--bootstrap-servers", broker, "--schema-registry", registry))
                        .toArray(String[]::new));
    }

    /** The newest committed checkpoint of a corpus. */
    Optional<CheckpointManifest> newestCheckpoint(String corpus) {
        Connection connection = new Connection(broker, registry);
        String topic = new TopicNames(TopicNames.DEFAULT_PREFIX).of(Topic.MODELS);
        try (Deserializer<CheckpointManifest> manifests =
                RecordSerdes.deserializer(connection, CheckpointManifest.class)) {
            return IntStream.range(0, PARTITIONS)
                    .mapToObj(number -> LatestByKey.read(
                            connection, new TopicPartition(topic, number), HomeRecords::byCorpus, manifests))
                    .flatMap(latest -> Optional.ofNullable(latest.get(corpus)).stream())
                    .findFirst();
        }
    }

    /** Waits until the newest checkpoint says that all epochs are done, and returns it. */
    CheckpointManifest awaitFinished(String corpus) {
        return await().atMost(TIMEOUT)
                .until(
                        () -> newestCheckpoint(corpus),
                        newest -> newest.isPresent() && newest.get().getFinished())
                .orElseThrow();
    }

    /** Waits until some epochs are committed. */
    void awaitEpoch(String corpus, int epoch) {
        await().atMost(TIMEOUT)
                .until(() -> newestCheckpoint(corpus)
                                .map(CheckpointManifest::getEpoch)
                                .orElse(0)
                        >= epoch);
    }

    /** Sends SIGTERM and waits for the end. */
    int terminate() {
        return process.terminate();
    }

    String errors() {
        return process.errors();
    }

    @Override
    public void close() {
        process.close();
    }

    /** Writes the story that comes with Inkstream to a file. */
    static Path story(Path folder) {
        try (InputStream story = Stack.class.getResourceAsStream("/io/inkstream/cli/the-old-press.txt")) {
            Path file = folder.resolve("story.txt");
            Files.copy(story, file);
            return file;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
