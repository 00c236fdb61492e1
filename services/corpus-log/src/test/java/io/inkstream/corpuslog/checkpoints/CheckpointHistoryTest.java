package io.inkstream.corpuslog.checkpoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.inkstream.corpuslog.topics.CorpusPartition;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.corpuslog.topics.TopicProvisioner;
import io.inkstream.embedded.EmbeddedCluster;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.NormalizerKind;
import io.inkstream.schemas.TokenizerKind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointHistoryTest {

    private static final TopicNames TOPICS = new TopicNames("ink");
    private static final String HISTORY = TOPICS.of(Topic.HISTORY);
    private static final int PARTITIONS = 3;
    private static final String TRANSACTIONAL_ID = "history-test";
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private static Connection connection;
    private static KafkaProducer<byte[], byte[]> producer;

    private static EmbeddedCluster cluster;

    @BeforeAll
    static void start(@TempDir Path folder) {
        cluster = new EmbeddedCluster(folder, 0, 0, Map.of());
        cluster.start();
        connection = cluster.connection();
        TopicProvisioner.ensure(connection, TOPICS, PARTITIONS, Set.of(Topic.HISTORY));
        Map<String, Object> properties = connection.clientProperties();
        properties.put("transactional.id", TRANSACTIONAL_ID);
        producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        producer.initTransactions();
    }

    @AfterAll
    static void stop() {
        producer.close();
        cluster.close();
    }

    @Test
    void theCheckpointsOfACorpusAreGivenNewestFirst() throws Exception {
        // Given a ring of two slots that has come round, a kept checkpoint, and corpora with names alike
        commit("wells", manifest("first", 0, 0, 10));
        commit("wells", manifest("second", 1, 1, 20));
        commit("wells", manifest("kept", 2, 1024, 30));
        commit("wells", manifest("fourth", 3, 0, 40));
        commit("wells/0", manifest("other", 4, 7, 50));
        commit("wells/more/0", manifest("another", 5, 0, 60));
        CheckpointHistory history = new CheckpointHistory(connection, TOPICS);

        // When / Then
        assertThat(history.of("wells"))
                .extracting(CheckpointManifest::getSha256)
                .containsExactly("fourth", "kept", "second");
        assertThat(history.fallbacks("wells", manifest("fourth", 3, 0, 40)))
                .extracting(CheckpointManifest::getSha256)
                .containsExactly("kept", "second");
        // and whoever has not seen yet that the ring came round finds what came after
        assertThat(history.fallbacks("wells", manifest("first", 0, 0, 10)))
                .extracting(CheckpointManifest::getSha256)
                .containsExactly("fourth", "kept", "second");
        assertThat(history.of("wells/0"))
                .extracting(CheckpointManifest::getSha256)
                .containsExactly("other");
    }

    @Test
    void neitherTheChunksOfARollbackNorWhatItAbandonedIsFallenBackTo() throws Exception {
        // Given a checkpoint that was made current again under a new number, with the chunks it has
        CheckpointManifest target = manifest("old", 1, 1024, 10);
        CheckpointManifest abandoned = manifest("newer", 2, 1, 20);
        commit("rolled", manifest("oldest", 0, 0, 5));
        commit("rolled", target);
        commit("rolled", abandoned);
        CheckpointManifest current = CheckpointManifest.newBuilder(target)
                .setNumber(3)
                .setRolledBackFrom("newer")
                .setAbandoned(Branch.abandonedByRollback(target, abandoned))
                .build();

        // When / Then
        assertThat(new CheckpointHistory(connection, TOPICS).fallbacks("rolled", current))
                .extracting(CheckpointManifest::getSha256)
                .containsExactly("oldest");
    }

    @Test
    void skipsUndecodableAndUncommittedRecords() throws Exception {
        // Given
        commit("torn", manifest("whole", 0, 0, 10));
        producer.beginTransaction();
        send(new SlotKey("torn", 1), "no manifest".getBytes(StandardCharsets.UTF_8));
        send(new SlotKey("torn", 2), encoded(manifest("whole", 0, 0, 10).getSpec()));
        send(new SlotKey("torn", 3), encoded(manifest("collected", 1, 3, 20)));
        producer.commitTransaction();
        producer.beginTransaction();
        send(new SlotKey("torn", 3), null);
        producer.commitTransaction();
        producer.beginTransaction();
        send(new SlotKey("torn", 0), encoded(manifest("aborted", 2, 0, 30)));
        producer.abortTransaction();

        // When / Then
        assertThat(new CheckpointHistory(connection, TOPICS).of("torn"))
                .extracting(CheckpointManifest::getSha256)
                .containsExactly("whole");
    }

    @Test
    void aCorpusWithoutCheckpointsHasNoHistory() {
        assertThat(new CheckpointHistory(connection, TOPICS).of("nobody")).isEmpty();
        assertThat(new CheckpointHistory(connection, new TopicNames("elsewhere")).of("wells"))
                .isEmpty();
    }

    private static void commit(String corpus, CheckpointManifest manifest) throws Exception {
        producer.beginTransaction();
        send(new SlotKey(corpus, manifest.getSlot()), encoded(manifest));
        producer.commitTransaction();
        awaitMarkers();
    }

    /** The call returns before the broker has written the markers, without which nobody sees the records. */
    private static void awaitMarkers() {
        try (Admin admin = Admin.create(connection.clientProperties())) {
            await().atMost(TIMEOUT)
                    .pollDelay(Duration.ZERO)
                    .until(() -> admin.describeTransactions(List.of(TRANSACTIONAL_ID))
                                    .description(TRANSACTIONAL_ID)
                                    .get()
                                    .state()
                            == TransactionState.COMPLETE_COMMIT);
        }
    }

    /** To the partition of the corpus, which its key alone would not choose. */
    private static void send(SlotKey key, byte[] value) throws Exception {
        int partition = new CorpusPartition(PARTITIONS).of(key.corpus());
        producer.send(new ProducerRecord<>(HISTORY, partition, key.bytes(), value))
                .get(30, TimeUnit.SECONDS);
    }

    private static byte[] encoded(SpecificRecord value) {
        try (Serde<SpecificRecord> serde = RecordSerdes.serde(connection, SpecificRecord.class)) {
            // Under another subject: the registry would not take two kinds of record for one topic.
            return serde.serializer().serialize(HISTORY + value.getSchema().getName(), value);
        }
    }

    private static CheckpointManifest manifest(String sha256, long number, int slot, long offset) {
        return CheckpointManifest.newBuilder()
                .setSha256(sha256)
                .setWeightsSha256("")
                .setNumber(number)
                .setBytes(1)
                .setSlot(slot)
                .setCheckpointPartition(0)
                .setChunkOffsets(List.of(offset))
                .setStep(1)
                .setEpoch(1)
                .setTokensTrained(1)
                .setFinished(false)
                .setVocabularySize(1)
                .setSpec(new CorpusSpec(TokenizerKind.CHARACTERS, NormalizerKind.LETTERS, false, List.of(), null))
                .setDevice("cpu")
                .setThreads(1)
                .setCreatedAt(Instant.EPOCH)
                .build();
    }
}
