package io.inkstream.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.corpuslog.topics.TopicProvisioner;
import io.inkstream.embedded.EmbeddedCluster;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.schemas.NormalizerKind;
import io.inkstream.schemas.TokenBlock;
import io.inkstream.schemas.TokenizerKind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tokens of a corpus are kept outside the Java heap. */
@Tag("full")
class LargeCorpusTest {

    private static final int BLOCK = 32_768;
    private static final long TOKENS = 50_000_000;
    private static final int ENTRIES = 100;

    @TempDir
    Path folder;

    @Test
    void aTrainerWithAHeapOf256MegabytesHolds50MillionTokens() {
        try (EmbeddedCluster cluster = new EmbeddedCluster(folder.resolve("data"), 0, 0, Map.of())) {
            // Given
            cluster.start();
            Connection connection = cluster.connection();
            TopicNames topics = new TopicNames(TopicNames.DEFAULT_PREFIX);
            TopicProvisioner.ensure(connection, topics, 1, EnumSet.allOf(Topic.class));
            long tokens = appendBlocks(connection, topics.of(Topic.TOKENS));
            InkstreamProcess.run(
                    folder,
                    "train",
                    "--corpus",
                    "large",
                    "--hidden",
                    "16",
                    "--epochs",
                    "1",
                    "--bootstrap-servers",
                    connection.bootstrapServers(),
                    "--schema-registry",
                    connection.schemaRegistryUrl());

            // When
            try (InkstreamProcess trainer = InkstreamProcess.start(
                    folder,
                    List.of("-Xmx256m"),
                    "run",
                    "trainer",
                    "--metrics-port",
                    "0",
                    "--device",
                    "cpu",
                    "--threads",
                    "1",
                    "--bootstrap-servers",
                    connection.bootstrapServers(),
                    "--schema-registry",
                    connection.schemaRegistryUrl())) {

                // Then it trains on all of them
                await().atMost(Duration.ofMinutes(2))
                        .pollInterval(Duration.ofSeconds(1))
                        .until(() -> {
                            assertThat(trainer.alive()).as(trainer.errors()).isTrue();
                            var row = InkstreamProcess.run(
                                            folder,
                                            "watch",
                                            "--corpus",
                                            "large",
                                            "--once",
                                            "--json",
                                            "--bootstrap-servers",
                                            connection.bootstrapServers(),
                                            "--schema-registry",
                                            connection.schemaRegistryUrl())
                                    .output();
                            return row.contains("TRAINING") && row.contains("\"epochTokens\":" + tokens);
                        });
                assertThat(trainer.errors()).doesNotContain("OutOfMemory");
            }
        }
    }

    private static long appendBlocks(Connection connection, String topic) {
        List<Integer> ids = new Random(1).ints(BLOCK, 1, ENTRIES + 1).boxed().toList();
        List<String> entries = IntStream.range(0, ENTRIES)
                .mapToObj(i -> String.valueOf((char) ('a' + i)))
                .toList();
        byte[] corpus = "large".getBytes(StandardCharsets.UTF_8);
        long position = 0;
        try (Serializer<TokenBlock> serializer = RecordSerdes.serializer(connection);
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        connection.clientProperties(), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (; position < TOKENS; position += BLOCK) {
                TokenBlock block = TokenBlock.newBuilder()
                        .setFirstPosition(position)
                        .setFirstNewId(position == 0 ? 1 : ENTRIES + 1)
                        .setNewEntries(position == 0 ? entries : List.of())
                        .setTokens(ids)
                        .setTokenizer(TokenizerKind.CHARACTERS)
                        .setNormalizer(NormalizerKind.VERBATIM)
                        .setTextPartition(0)
                        .setTextOffset(position / BLOCK)
                        .build();
                Future<RecordMetadata> unused =
                        producer.send(new ProducerRecord<>(topic, corpus, serializer.serialize(topic, block)));
            }
        }
        return position;
    }
}
