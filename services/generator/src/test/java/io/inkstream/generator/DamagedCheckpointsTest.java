package io.inkstream.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inkstream.client.CompletionClient;
import io.inkstream.corpuslog.checkpoints.CheckpointReader;
import io.inkstream.corpuslog.checkpoints.CheckpointUnreadableException;
import io.inkstream.corpuslog.checkpoints.ChunkKey;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.generator.models.ModelLoader;
import io.inkstream.platform.config.Connection;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.Completion;
import io.inkstream.schemas.PrefixRequest;
import io.inkstream.testsupport.BrokerFixture;
import io.inkstream.testsupport.CheckpointPublisher;
import io.inkstream.testsupport.LoggedErrors;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A generator whose first request for a corpus comes after its latest checkpoint was damaged. The previous checkpoint
 * generates a, b, c, d; the damaged one x, y, z.
 */
class DamagedCheckpointsTest {

    private static final TopicNames TOPICS = new TopicNames("dam");
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int OTHER_PARTITION = 2;
    private static final byte[] OLDER = CheckpointPublisher.counting(1, "a", "b", "c", "d");
    private static final byte[] NEWEST = CheckpointPublisher.counting(2, "a", "x", "y", "z");

    private static Connection connection;
    private static GeneratorService generator;
    private static CheckpointPublisher publisher;
    private static CompletionClient client;
    private static final MeterRegistry METERS = new SimpleMeterRegistry();

    private LoggedErrors errors;

    @BeforeAll
    static void start() {
        connection = BrokerFixture.get().connection();
        generator = new GeneratorService(connection, TOPICS, new GeneratorSettings(3, 4), METERS);
        generator.start();
        Awaitility.await().atMost(TIMEOUT).until(() -> generator.health().ready());
        publisher = new CheckpointPublisher(connection, TOPICS);
        client = new CompletionClient(connection, TOPICS);
    }

    @AfterAll
    static void stop() {
        client.close();
        publisher.close();
        generator.close();
    }

    @BeforeEach
    void listen() {
        errors = new LoggedErrors(ModelLoader.class);
    }

    @AfterEach
    void stopListening() {
        errors.close();
    }

    @Test
    void aMissingChunk() throws Exception {
        // Given a partition whose first records, the newest checkpoint's first chunk among them, were deleted
        String older = publisher.publish("missing", 0, OLDER);
        CheckpointManifest newest;
        try (CheckpointPublisher elsewhere = new CheckpointPublisher(connection, TOPICS, OTHER_PARTITION)) {
            newest = elsewhere.publish("missing", 1, NEWEST, CheckpointPublisher.chunks(NEWEST));
        }
        deleteUpTo(newest.getChunkOffsets().get(0) + 1);

        // When / Then
        assertOlderServes("missing", older, newest);
        assertError("missing/1/0 at offset " + newest.getChunkOffsets().get(0), "-" + OTHER_PARTITION);
    }

    @Test
    void aTruncatedChunk() throws Exception {
        // Given
        String older = publisher.publish("truncated", 0, OLDER);
        List<byte[]> chunks = CheckpointPublisher.chunks(NEWEST);
        chunks.set(0, Arrays.copyOf(chunks.get(0), 900));
        CheckpointManifest newest = publisher.publish("truncated", 1, NEWEST, chunks);

        // When / Then
        assertOlderServes("truncated", older, newest);
        assertError("truncated/1/0 to 1", "bytes");
    }

    @Test
    void aFlippedBit() throws Exception {
        // Given
        String older = publisher.publish("flipped", 0, OLDER);
        List<byte[]> chunks = CheckpointPublisher.chunks(NEWEST);
        chunks.get(1)[100] ^= 1;
        CheckpointManifest newest = publisher.publish("flipped", 1, NEWEST, chunks);

        // When / Then
        assertOlderServes("flipped", older, newest);
        assertError("flipped/1/0 to 1", "SHA-256");
    }

    @Test
    void aStaleChunkUnderTheKeyOfANewerOne() throws Exception {
        // Given a ring of one slot, with a first chunk that is still the older checkpoint's
        String kept = publisher.publish("stale", 1024, OLDER);
        byte[] before = CheckpointPublisher.counting(3, "a", "k", "l", "m");
        CheckpointManifest overwritten = publisher.publish("stale", 0, before, CheckpointPublisher.chunks(before));
        publisher.begin();
        List<Long> offsets = new ArrayList<>(publisher.send("stale", 0, CheckpointPublisher.chunks(NEWEST)));
        offsets.set(0, overwritten.getChunkOffsets().get(0));
        CheckpointManifest newest = publisher.manifest("stale", 0, NEWEST, offsets);
        publisher.commit();

        // When / Then
        assertOlderServes("stale", kept, newest);
        assertError("stale/0/0 to 1", "SHA-256");
    }

    @Test
    void aTombstoneInPlaceOfAChunk() throws Exception {
        // Given
        String older = publisher.publish("buried", 0, OLDER);
        List<byte[]> chunks = CheckpointPublisher.chunks(NEWEST);
        chunks.set(1, null);
        CheckpointManifest newest = publisher.publish("buried", 1, NEWEST, chunks);

        // When / Then
        assertOlderServes("buried", older, newest);
        assertError("buried/1/1 at offset " + newest.getChunkOffsets().get(1), "tombstone");
    }

    @Test
    void aManifestThatNamesARolledBackChunk() throws Exception {
        // Given
        String older = publisher.publish("rolled", 0, OLDER);
        publisher.begin();
        List<Long> offsets = publisher.send("rolled", 1, CheckpointPublisher.chunks(NEWEST));
        publisher.abort();
        publisher.begin();
        CheckpointManifest newest = publisher.manifest("rolled", 1, NEWEST, offsets);
        publisher.commit();

        // When / Then
        assertOlderServes("rolled", older, newest);
        assertError("rolled/1/0 at offset " + offsets.get(0), "nothing committed");
    }

    @Test
    void aRolledBackTransactionsChunksBetweenTheCommittedOnes() throws Exception {
        // Given an instance that lost its partition, and writes to the same slot until it is fenced
        List<byte[]> chunks = CheckpointPublisher.chunks(NEWEST);
        try (CheckpointPublisher fenced = new CheckpointPublisher(connection, TOPICS)) {
            publisher.begin();
            fenced.begin();
            long first = publisher.send(new ChunkKey("between", 0, 0), chunks.get(0));
            fenced.send("between", 0, CheckpointPublisher.chunks(OLDER));
            long second = publisher.send(new ChunkKey("between", 0, 1), chunks.get(1));
            CheckpointManifest whole = publisher.manifest("between", 0, NEWEST, List.of(first, second));
            fenced.abort();
            publisher.commit();

            // When
            Completion completion = ask("between");

            // Then
            assertThat(second).isGreaterThan(first + 1);
            assertThat(completion.getText()).isEqualTo("xyzax");
            assertThat(completion.getCheckpoint().getSha256()).isEqualTo(whole.getSha256());
            assertThat(errors.lines()).isEmpty();
        }
    }

    @Test
    void aRingSlotThatIsOverwrittenDuringARead() throws Exception {
        // Given a reader that has the first chunk when the next checkpoint goes into the same slot
        byte[] one = CheckpointPublisher.alphabet(1);
        byte[] two = CheckpointPublisher.alphabet(2);
        CheckpointManifest first = publisher.publish("ring", 0, one, CheckpointPublisher.chunks(one));
        AtomicBoolean overwritten = BetweenChunks.once(() -> publisher.publish("ring", 0, two));

        // When nothing was compacted yet
        byte[] read = new CheckpointReader(BetweenChunks.into(connection), TOPICS).read("ring", first);

        // Then it is not a mixture of both
        assertThat(overwritten).isTrue();
        assertThat(read).isEqualTo(one);
    }

    @Test
    void aCheckpointAfterAnOpenTransactionIsNotDamaged() throws Exception {
        // Given another producer's transaction that is open when a checkpoint is committed after it
        CheckpointReader reader = new CheckpointReader(connection, TOPICS, Duration.ofMillis(500));
        CheckpointManifest hidden;
        try (CheckpointPublisher foreign = new CheckpointPublisher(connection, TOPICS, OTHER_PARTITION);
                CheckpointPublisher owner = new CheckpointPublisher(connection, TOPICS, OTHER_PARTITION)) {
            foreign.begin();
            foreign.send("foreign", 0, CheckpointPublisher.chunks(OLDER));
            hidden = owner.publish("hidden", 0, NEWEST, CheckpointPublisher.chunks(NEWEST));

            // When / Then it cannot be read for now, but does not count as damaged
            assertThatThrownBy(() -> reader.read("hidden", hidden))
                    .isInstanceOfSatisfying(CheckpointUnreadableException.class, unreadable -> {
                        assertThat(unreadable.lasting()).isFalse();
                        assertThat(unreadable)
                                .hasMessageContaining("a transaction that is open since offset")
                                .hasMessageContaining("hides it");
                    });

            // And afterwards it can be read
            foreign.abort();
        }
        assertThat(reader.read("hidden", hidden)).isEqualTo(NEWEST);
    }

    @Test
    void aChunkBeyondTheEndOfItsPartitionIsMissing() throws Exception {
        // Given
        CheckpointReader reader = new CheckpointReader(connection, TOPICS, Duration.ofMillis(500));
        CheckpointManifest whole = publisher.publish("beyond", 0, NEWEST, CheckpointPublisher.chunks(NEWEST));
        CheckpointManifest forged = CheckpointManifest.newBuilder(whole)
                .setChunkOffsets(whole.getChunkOffsets().stream()
                        .map(at -> at + 1_000_000)
                        .toList())
                .build();

        // When / Then
        assertThatThrownBy(() -> reader.read("beyond", forged))
                .isInstanceOfSatisfying(
                        CheckpointUnreadableException.class,
                        unreadable -> assertThat(unreadable.lasting()).isTrue());
    }

    @Test
    void anAbandonedCheckpointIsNotAFallback() throws Exception {
        // Given a rollback past a whole checkpoint, and training that resumed from its target
        CheckpointManifest target = publisher.publish("abandoned", 0, OLDER, CheckpointPublisher.chunks(OLDER));
        byte[] bad = CheckpointPublisher.counting(3, "a", "k", "l", "m");
        CheckpointManifest abandoned = publisher.publish("abandoned", 1, bad, CheckpointPublisher.chunks(bad));
        publisher.rollBack("abandoned", target, abandoned);

        // When what was trained since is damaged
        List<byte[]> chunks = CheckpointPublisher.chunks(NEWEST);
        chunks.set(1, null);
        CheckpointManifest newest = publisher.publish("abandoned", 3, NEWEST, chunks);

        // Then the target is served, although the abandoned checkpoint is newer and readable
        assertOlderServes("abandoned", target.getSha256(), newest);
    }

    @Test
    void theNextReadableCheckpointEndsTheFallback() throws Exception {
        // Given
        String older = publisher.publish("fixed", 0, OLDER);
        List<byte[]> chunks = CheckpointPublisher.chunks(NEWEST);
        chunks.set(1, null);
        CheckpointManifest damaged = publisher.publish("fixed", 1, NEWEST, chunks);
        assertOlderServes("fixed", older, damaged);
        double unreadable =
                METERS.get("inkstream.generator.checkpoints.unreadable").gauge().value();

        // When
        String next = publisher.publish("fixed", 2, NEWEST);

        // Then
        Awaitility.await()
                .atMost(TIMEOUT)
                .until(() -> ask("fixed").getCheckpoint().getSha256().equals(next));
        assertThat(generator.health().detail()).doesNotContain("checkpoint of fixed");
        assertThat(METERS.get("inkstream.generator.checkpoints.unreadable")
                        .gauge()
                        .value())
                .isEqualTo(unreadable - 1);
    }

    private void assertOlderServes(String corpus, String older, CheckpointManifest newest) {
        Completion completion = ask(corpus);
        assertThat(completion.getError()).isNull();
        assertThat(completion.getText()).isEqualTo("bcdab");
        assertThat(completion.getCheckpoint().getSha256()).isEqualTo(older);
        assertThat(generator.health().ready()).isTrue();
        assertThat(generator.health().detail())
                .contains("the latest checkpoint of %s, %s, cannot be read: serving %s of step 7"
                        .formatted(corpus, newest.getSha256(), older));
        assertThat(METERS.get("inkstream.generator.checkpoints.unreadable")
                        .gauge()
                        .value())
                .isPositive();
    }

    private void assertError(String... parts) {
        assertThat(errors.lines())
                .singleElement()
                .asString()
                .contains(TOPICS.of(Topic.CHECKPOINTS))
                .contains(parts);
    }

    /** The manifest reaches the generator shortly after its commit. */
    private Completion ask(String corpus) {
        PrefixRequest request = PrefixRequest.newBuilder()
                .setCorpus(corpus)
                .setPrefix("a")
                .setMaxTokens(5)
                .build();
        return Awaitility.await()
                .atMost(TIMEOUT)
                .until(
                        () -> client.complete(request, TIMEOUT),
                        completion -> completion.getError() == null
                                || !completion.getError().startsWith("There is no corpus"));
    }

    /** As retention does when {@code delete} was added to the topic's cleanup policy. */
    private static void deleteUpTo(long offset) throws Exception {
        TopicPartition partition = new TopicPartition(TOPICS.of(Topic.CHECKPOINTS), OTHER_PARTITION);
        try (Admin admin = Admin.create(connection.clientProperties())) {
            setCleanup(admin, "compact,delete");
            admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(offset)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
            setCleanup(admin, "compact");
        }
    }

    private static void setCleanup(Admin admin, String policy) throws Exception {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, TOPICS.of(Topic.CHECKPOINTS));
        admin.incrementalAlterConfigs(Map.of(
                        topic,
                        List.of(new AlterConfigOp(
                                new ConfigEntry("cleanup.policy", policy), AlterConfigOp.OpType.SET))))
                .all()
                .get(30, TimeUnit.SECONDS);
    }
}
