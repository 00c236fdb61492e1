package io.inkstream.benchmarks;

import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.embedded.EmbeddedCluster;
import io.inkstream.ingest.IngestService;
import io.inkstream.ingest.IngestSettings;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.consumers.CommittedReads;
import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.schemas.TokenBlock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Time from the first record produced to the last committed token, for 10 MB of text as 16 KB records, through the
 * embedded broker and exactly-once ingest.
 *
 * <pre>IngestSpeed FOLDER [rounds]</pre>
 */
public final class IngestSpeed {

    private static final int BYTES = 10 * 1024 * 1024;
    private static final int RECORD_BYTES = 16 * 1024;
    private static final String LINE = "the old press went down the river, and whoever had a tale came aboard\n";

    private IngestSpeed() {}

    /** Prints the milliseconds of each round and their median; the first round warms the JVM up and is not counted. */
    public static void main(String[] args) throws IOException {
        Path folder = Files.createTempDirectory(Path.of(args[0]), "ingest-speed-");
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        TopicNames topics = new TopicNames(TopicNames.DEFAULT_PREFIX);
        try (EmbeddedCluster cluster = new EmbeddedCluster(folder, 0, 0, Map.of())) {
            cluster.start();
            Connection connection = cluster.connection();
            try (IngestService ingest =
                    new IngestService(connection, topics, new IngestSettings(1), new SimpleMeterRegistry())) {
                ingest.start();
                round(connection, topics, "warm-up");
                long[] millis = new long[rounds];
                for (int i = 0; i < rounds; i++) {
                    millis[i] = round(connection, topics, "round-" + i);
                }
                Arrays.sort(millis);
                System.out.printf(
                        "10 MB as 16 KB records, ms: %s, median %d%n", Arrays.toString(millis), millis[rounds / 2]);
            }
        }
    }

    private static long round(Connection connection, TopicNames topics, String corpus) {
        byte[] value = LINE.repeat(RECORD_BYTES / LINE.length()).getBytes(StandardCharsets.UTF_8);
        byte[] key = corpus.getBytes(StandardCharsets.UTF_8);
        int records = BYTES / value.length;
        TopicPartition tokens = new TopicPartition(topics.of(Topic.TOKENS), 0);
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        connection.clientProperties(), new ByteArraySerializer(), new ByteArraySerializer());
                KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                        CommittedReads.properties(connection),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
                Deserializer<TokenBlock> blocks = RecordSerdes.deserializer(connection, TokenBlock.class)) {
            consumer.assign(List.of(tokens));
            consumer.seekToEnd(List.of(tokens));
            consumer.position(tokens);
            long began = System.nanoTime();
            for (int i = 0; i < records; i++) {
                Future<RecordMetadata> unused = producer.send(new ProducerRecord<>(topics.of(Topic.TEXT), key, value));
            }
            producer.flush();
            long lastTextOffset = -1;
            long expected = endOfText(connection, topics) - 1;
            while (lastTextOffset < expected) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    lastTextOffset =
                            blocks.deserialize(record.topic(), record.value()).getTextOffset();
                }
            }
            return Duration.ofNanos(System.nanoTime() - began).toMillis();
        }
    }

    private static long endOfText(Connection connection, TopicNames topics) {
        TopicPartition text = new TopicPartition(topics.of(Topic.TEXT), 0);
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                CommittedReads.properties(connection), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            return consumer.endOffsets(List.of(text)).getOrDefault(text, 0L);
        }
    }
}
