package io.inkstream.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.inkstream.client.operations.ModelPublication;
import io.inkstream.corpuslog.checkpoints.CheckpointReader;
import io.inkstream.corpuslog.specs.SpecConversion;
import io.inkstream.corpuslog.topics.CorpusPartition;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.corpuslog.topics.TopicProvisioner;
import io.inkstream.embedded.EmbeddedCluster;
import io.inkstream.languagemodel.checkpoint.Checkpoint;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.config.Connection;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.TrainingProgress;
import io.inkstream.testsupport.TestTopics;
import io.inkstream.testsupport.TokenTopic;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An import that is held open between its chunks and its manifest, beside a trainer that owns the same partition. */
@Timeout(120)
class ImportFenceTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int PARTITIONS = 2;
    private static final String TRAINED = "trained";
    private static final String IMPORTED = neighbour();
    private static final AtomicInteger TESTS = new AtomicInteger();

    @TempDir
    static Path folder;

    private static EmbeddedCluster cluster;

    private Connection connection;
    private TopicNames topics;
    private TokenTopic tokens;
    private TrainerService trainer;

    @BeforeAll
    static void startCluster() {
        cluster = new EmbeddedCluster(folder.resolve("data"), 0, 0, Map.of());
        cluster.start();
    }

    @AfterAll
    static void stopCluster() {
        cluster.close();
    }

    @BeforeEach
    void train() {
        connection = cluster.connection();
        topics = new TopicNames("import" + TESTS.incrementAndGet());
        TopicProvisioner.ensure(connection, topics, PARTITIONS, EnumSet.allOf(Topic.class));
        tokens = new TokenTopic(connection, topics);
        tokens.appendTokens(TRAINED, 2_000);
        tokens.publish(TRAINED, Trainers.endless());
        trainer = Trainers.start(connection, topics, PARTITIONS);
        await().atMost(TIMEOUT).until(() -> tokens.manifests(TRAINED).size() >= 2);
    }

    @AfterEach
    void close() {
        trainer.close();
        tokens.close();
    }

    @Test
    void aTrainerThatTakesOverFencesAnOpenImport() {
        // Given an import that has written its chunks, while a trainer commits as it can
        CountDownLatch held = new CountDownLatch(1);
        CompletableFuture<CheckpointManifest> imported = importHeldOpenUntil(held);
        long before = manifestsWritten();
        await().atMost(TIMEOUT)
                .until(() ->
                        manifestsWritten() >= before + 2 || !trainer.health().ready());

        // When another trainer takes over, and commits
        trainer.close();
        long closed = manifestsWritten();
        trainer = Trainers.start(connection, topics, PARTITIONS);
        await().atMost(TIMEOUT).until(() -> manifestsWritten() >= closed + 2);
        held.countDown();

        // Then the import fails, and nothing of it is there
        assertThatThrownBy(imported::join)
                .cause()
                .isInstanceOf(InkstreamException.class)
                .hasMessageContaining(
                        "a trainer has taken over its partition meanwhile: nothing of it is visible; try again");
        assertThat(tokens.manifests(IMPORTED)).isEmpty();

        // And no manifest of the trainer was out of sight of the next
        assertNumberedInOrder();
        assertEachEpochOnce();
    }

    @Tag("full") // the trainer backs off for five seconds
    @Test
    void aRunningTrainerLetsAnImportFinishAndLosesNothing() {
        // Given an import that is open for longer than a trainer backs off once it was fenced
        CountDownLatch held = new CountDownLatch(1);
        CompletableFuture<CheckpointManifest> imported = importHeldOpenUntil(held);
        await().atMost(TIMEOUT).until(() -> !trainer.health().ready());
        CheckpointManifest last = tokens.newest(TRAINED);
        await().during(Duration.ofSeconds(6)).atMost(TIMEOUT).until(() -> tokens.newest(TRAINED)
                .equals(last));

        // When it continues
        held.countDown();

        // Then it is served, and the trainer commits what it has trained
        CheckpointManifest manifest = imported.join();
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(tokens.manifests(IMPORTED)).containsExactly(manifest));
        await().atMost(TIMEOUT).until(() -> tokens.newest(TRAINED).getNumber() > last.getNumber());
        CheckpointManifest next = tokens.manifests(TRAINED).get((int) last.getNumber() + 1);
        assertThat(next.getParent()).isEqualTo(last.getSha256());
        assertThat(trainer.health().live()).isTrue();
        assertNumberedInOrder();
        assertEachEpochOnce();
    }

    /** Imports the newest model of the trainer under another name; returns once its chunks are written. */
    private CompletableFuture<CheckpointManifest> importHeldOpenUntil(CountDownLatch held) {
        Checkpoint model =
                Checkpoint.read(new CheckpointReader(connection, topics).read(TRAINED, tokens.newest(TRAINED)));
        CountDownLatch open = new CountDownLatch(1);
        CompletableFuture<Void> unused = Meanwhile.onceWritten(topics.of(Topic.MODELS), () -> {
            open.countDown();
            awaited(held);
        });
        CompletableFuture<CheckpointManifest> imported =
                CompletableFuture.supplyAsync(() -> new ModelPublication(Meanwhile.into(connection), topics)
                        .publish(IMPORTED, model, SpecConversion.spec(model.reading()), "a test"));
        awaited(open);
        return imported;
    }

    private static void awaited(CountDownLatch latch) {
        try {
            assertThat(latch.await(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void assertNumberedInOrder() {
        List<CheckpointManifest> manifests = tokens.manifests(TRAINED);
        assertThat(manifests)
                .extracting(CheckpointManifest::getNumber)
                .containsExactlyElementsOf(
                        LongStream.range(0, manifests.size()).boxed().toList());
    }

    private void assertEachEpochOnce() {
        List<TrainingProgress> epochs = tokens.epochs(TRAINED);
        assertThat(epochs)
                .extracting(TrainingProgress::getEpoch)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, epochs.size()).boxed().toList());
    }

    /** Manifests that were written, whether or not anybody sees them. */
    private long manifestsWritten() {
        return TestTopics.all(connection, topics.of(Topic.MODELS), "read_uncommitted").stream()
                .filter(record -> TRAINED.equals(new String(record.key(), StandardCharsets.UTF_8)))
                .count();
    }

    /** The name of a corpus that lives in the partition of the trained one. */
    private static String neighbour() {
        CorpusPartition home = new CorpusPartition(PARTITIONS);
        return IntStream.iterate(1, i -> i + 1)
                .mapToObj(i -> "imported-" + i)
                .filter(name -> home.of(name) == home.of(TRAINED))
                .findFirst()
                .orElseThrow();
    }
}
