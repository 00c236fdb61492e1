package io.inkstream.corpuslog.checkpoints;

import io.inkstream.corpuslog.topics.CorpusPartition;
import io.inkstream.corpuslog.topics.HomeRecords;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.consumers.ConsumerFactory;
import io.inkstream.platform.consumers.LatestByKey;
import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.schemas.CheckpointManifest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoints of a corpus that are still in their slots, by the history topic: what to fall back to when the newest
 * one is damaged. Safe for use by several threads: each call has consumers of its own, without a group.
 */
public final class CheckpointHistory {

    private static final Logger log = LoggerFactory.getLogger(CheckpointHistory.class);
    private static final Duration BEFORE_RETRY = Duration.ofSeconds(1);
    private static final Comparator<CheckpointManifest> NEWEST_FIRST =
            Comparator.comparingLong(CheckpointManifest::getNumber).reversed();

    private final Connection connection;
    private final String topic;

    /** A reader of the history topic of these names. */
    public CheckpointHistory(Connection connection, TopicNames topics) {
        this.connection = connection;
        this.topic = topics.of(Topic.HISTORY);
    }

    /**
     * The committed checkpoints of a corpus, at this moment. A manifest that cannot be decoded is passed over with a
     * warning; an unavailable registry is waited for.
     *
     * @return the one with the highest number first; empty if there is none, or no history topic
     * @throws io.inkstream.platform.InkstreamException if the topic cannot be read to its end within a minute
     * @throws org.apache.kafka.common.KafkaException if Kafka cannot be reached, or refuses
     * @throws InterruptException if the thread is interrupted
     */
    public List<CheckpointManifest> of(String corpus) {
        Optional<TopicPartition> partition = partition(corpus);
        if (partition.isEmpty()) {
            return List.of();
        }
        Map<String, byte[]> slots = LatestByKey.read(
                        connection,
                        partition.get(),
                        HomeRecords::bySlot,
                        new ByteArrayDeserializer(),
                        (record, reason) -> {})
                .values();
        List<CheckpointManifest> manifests = new ArrayList<>();
        try (Deserializer<CheckpointManifest> deserializer =
                RecordSerdes.deserializer(connection, CheckpointManifest.class)) {
            slots.forEach((key, value) -> {
                if (SlotKey.parse(key)
                        .filter(slot -> slot.corpus().equals(corpus))
                        .isPresent()) {
                    decoded(partition.get(), key, value, deserializer).ifPresent(manifests::add);
                }
            });
        }
        manifests.sort(NEWEST_FIRST);
        return List.copyOf(manifests);
    }

    /**
     * What of {@link #of} may stand in for a checkpoint that is damaged: see {@link Branch#fallbacks}. Others may have been
     * committed since the caller saw the newest, and the damage may be that its slot was written again: then the branch is that
     * of the newest in the slots, which stands in first.
     *
     * @param damaged the newest manifest that the caller knows
     * @return the newest first
     */
    public List<CheckpointManifest> fallbacks(String corpus, CheckpointManifest damaged) {
        List<CheckpointManifest> inSlots = of(corpus);
        CheckpointManifest tip = Stream.concat(Stream.of(damaged), inSlots.stream())
                .max(Comparator.comparingLong(CheckpointManifest::getNumber))
                .orElseThrow();
        return Branch.of(tip).fallbacks(damaged, inSlots);
    }

    private Optional<TopicPartition> partition(String corpus) {
        try (KafkaConsumer<byte[], byte[]> consumer = ConsumerFactory.openBounded(connection)) {
            List<PartitionInfo> partitions = consumer.partitionsFor(topic);
            return partitions == null || partitions.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new TopicPartition(topic, new CorpusPartition(partitions.size()).of(corpus)));
        }
    }

    private static Optional<CheckpointManifest> decoded(
            TopicPartition partition, String key, byte[] value, Deserializer<CheckpointManifest> deserializer) {
        while (true) {
            try {
                CheckpointManifest manifest = deserializer.deserialize(partition.topic(), value);
                return Optional.of(manifest);
            } catch (SerializationException e) {
                log.atWarn()
                        .addKeyValue("topic", partition.topic())
                        .addKeyValue("partition", partition.partition())
                        .addKeyValue("key", key)
                        .addKeyValue("error", e.toString())
                        .log("Not a checkpoint's manifest; the others of the history are looked at");
                return Optional.empty();
            } catch (RetriableException e) {
                // The registry is unavailable, for which the serde has waited: the manifest is not at fault, so retry.
                log.atWarn().addKeyValue("error", e.getMessage()).log("Retrying: Schema registry is unavailable");
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(BEFORE_RETRY.toMillis());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
