package io.inkstream.systemtests.invariants;

import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.Completion;
import io.inkstream.schemas.ProgressKind;
import io.inkstream.schemas.TokenBlock;
import io.inkstream.schemas.TrainingProgress;
import io.inkstream.systemtests.workload.BadRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Everything that the invariants are checked from, as it was read from the topics at one moment.
 *
 * @param connection for reading checkpoints
 * @param topics the topics' names
 * @param blocks the token blocks of each corpus
 * @param manifests the manifests of each corpus
 * @param epochs the completed epochs of each corpus
 * @param completions the answers to each request
 * @param deadLetters the records of the dead-record topic
 * @param tokenEnds the end of each partition of the tokens topic
 * @param trained the trainers' committed offset of each partition of the tokens topic
 */
public record Evidence(
        Connection connection,
        TopicNames topics,
        Map<String, List<Read<TokenBlock>>> blocks,
        Map<String, List<Read<CheckpointManifest>>> manifests,
        Map<String, List<Read<TrainingProgress>>> epochs,
        Map<String, List<Read<Completion>>> completions,
        List<DeadLetter> deadLetters,
        Map<Integer, Long> tokenEnds,
        Map<Integer, Long> trained) {

    private static final Duration QUIET = Duration.ofSeconds(30);

    /**
     * A record.
     *
     * @param partition its partition
     * @param offset its offset
     * @param value its value
     * @param <V> the class of the value
     */
    public record Read<V>(int partition, long offset, V value) {}

    /**
     * A dead letter.
     *
     * @param content its value, a character for each byte
     * @param reason its headers, in words
     */
    public record DeadLetter(String content, String reason) {}

    /**
     * Reads the topics when no transaction is open any more: the records of one become visible partition by partition.
     * A long delay is reported in the findings.
     */
    public static Evidence gatherQuiet(Connection connection, TopicNames topics, List<BadRecord> badRecords) {
        long deadline = System.nanoTime() + QUIET.toNanos();
        while (System.nanoTime() < deadline
                && Stream.of(Topic.values()).anyMatch(topic -> !CommittedTopic.heldUp(connection, topics.of(topic))
                        .isEmpty())) {
            Thread.onSpinWait(); // each check takes time by itself
        }
        return gather(connection, topics, badRecords);
    }

    /** Reads the topics, where no bad records were sent. */
    public static Evidence gather(Connection connection, TopicNames topics) {
        return gather(connection, topics, List.of());
    }

    /** Reads the topics; bad records are left out of everything but the dead letters. */
    private static Evidence gather(Connection connection, TopicNames topics, List<BadRecord> badRecords) {
        Set<String> bad = badRecords.stream().map(BadRecord::content).collect(Collectors.toSet());
        Map<String, List<Read<TrainingProgress>>> epochs =
                read(connection, topics, Topic.PROGRESS, TrainingProgress.class, bad);
        epochs.values()
                .forEach(progress -> progress.removeIf(record -> record.value().getKind() != ProgressKind.EPOCH));
        return new Evidence(
                connection,
                topics,
                read(connection, topics, Topic.TOKENS, TokenBlock.class, bad),
                read(connection, topics, Topic.MODELS, CheckpointManifest.class, bad),
                epochs,
                read(connection, topics, Topic.COMPLETIONS, Completion.class, bad),
                CommittedTopic.read(connection, topics.of(Topic.DEAD_LETTERS)).stream()
                        .map(Evidence::deadLetter)
                        .toList(),
                CommittedTopic.ends(connection, topics.of(Topic.TOKENS)),
                trainedOffsets(connection, topics));
    }

    /** The ids of all requests that have an answer. */
    public static Set<String> answered(Connection connection, TopicNames topics) {
        return CommittedTopic.read(connection, topics.of(Topic.COMPLETIONS)).stream()
                .map(record -> new String(record.key(), StandardCharsets.UTF_8))
                .collect(Collectors.toSet());
    }

    /** The newest manifest of a corpus, or null. */
    public CheckpointManifest newest(String corpus) {
        List<Read<CheckpointManifest>> all = manifests.getOrDefault(corpus, List.of());
        return all.isEmpty() ? null : all.get(all.size() - 1).value();
    }

    private static <V extends SpecificRecord> Map<String, List<Read<V>>> read(
            Connection connection, TopicNames topics, Topic topic, Class<V> type, Set<String> bad) {
        Map<String, List<Read<V>>> read = new TreeMap<>();
        try (Deserializer<V> values = RecordSerdes.deserializer(connection, type)) {
            for (ConsumerRecord<byte[], byte[]> record : CommittedTopic.read(connection, topics.of(topic))) {
                if (bad.contains(new String(record.value(), StandardCharsets.ISO_8859_1))) {
                    continue;
                }
                read.computeIfAbsent(new String(record.key(), StandardCharsets.UTF_8), key -> new ArrayList<>())
                        .add(new Read<>(
                                record.partition(),
                                record.offset(),
                                values.deserialize(record.topic(), record.value())));
            }
        }
        return read;
    }

    private static Map<Integer, Long> trainedOffsets(Connection connection, TopicNames topics) {
        Map<Integer, Long> offsets = new TreeMap<>();
        try (Admin admin = Admin.create(connection.clientProperties())) {
            admin.listConsumerGroupOffsets(
                            topics.group("trainer"), new ListConsumerGroupOffsetsOptions().requireStable(true))
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .forEach((partition, offset) -> offsets.put(partition.partition(), offset.offset()));
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
        return offsets;
    }

    private static DeadLetter deadLetter(ConsumerRecord<byte[], byte[]> record) {
        byte[] value = record.value() == null ? new byte[0] : record.value();
        return new DeadLetter(new String(value, StandardCharsets.ISO_8859_1), inWords(record));
    }

    /** The contents of all dead letters. */
    public static Set<String> deadLetters(Connection connection, TopicNames topics) {
        return CommittedTopic.read(connection, topics.of(Topic.DEAD_LETTERS)).stream()
                .map(record -> deadLetter(record).content())
                .collect(Collectors.toSet());
    }

    private static String inWords(ConsumerRecord<byte[], byte[]> record) {
        StringBuilder words = new StringBuilder();
        record.headers().forEach(header -> words.append(header.key())
                .append('=')
                .append(header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8))
                .append(' '));
        return words.toString();
    }
}
