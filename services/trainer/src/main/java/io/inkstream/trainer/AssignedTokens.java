package io.inkstream.trainer;

import io.inkstream.corpuslog.tokens.PartitionTokens;
import io.inkstream.corpuslog.topics.HomeRecords;
import io.inkstream.platform.observability.PartitionProgress;
import io.inkstream.schemas.TokenBlock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The tokens of the assigned partitions, into which token blocks are read. Used by the polling thread only. */
final class AssignedTokens {

    private static final Logger log = LoggerFactory.getLogger(AssignedTokens.class);
    private static final Duration POSITION_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration RETRY_PAUSE = Duration.ofSeconds(1);

    private final Deserializer<TokenBlock> deserializer;
    private final BooleanSupplier closing;
    private final Map<TopicPartition, PartitionTokens> partitions = new HashMap<>();

    /** Known once the first partition is assigned, before any record is read. */
    private Optional<HomeRecords> home = Optional.empty();

    /**
     * No partitions yet.
     *
     * @param closing true when a block that cannot be read at present is to be left unread
     */
    AssignedTokens(Deserializer<TokenBlock> deserializer, BooleanSupplier closing) {
        this.deserializer = deserializer;
        this.closing = closing;
    }

    /**
     * Adds partitions of the tokens topic.
     *
     * @param topicPartitions how many partitions the topic has
     */
    void add(Map<TopicPartition, PartitionTokens> added, int topicPartitions) {
        if (home.isEmpty()) {
            home = Optional.of(HomeRecords.byCorpus(topicPartitions));
        }
        partitions.putAll(added);
    }

    /** Removes partitions that are no longer assigned. */
    void remove(Collection<TopicPartition> removed) {
        removed.forEach(partitions::remove);
    }

    /** True when everything was read that was there when the partitions were assigned. */
    boolean caughtUp() {
        return partitions.values().stream().allMatch(PartitionTokens::caughtUp);
    }

    /** Reads records; returns whether there were any. */
    boolean read(ConsumerRecords<byte[], byte[]> records) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            PartitionTokens tokens = partitions.get(new TopicPartition(record.topic(), record.partition()));
            if (tokens != null && home.filter(where -> where.accepts(record)).isPresent()) {
                append(tokens, record);
            }
        }
        return !records.isEmpty();
    }

    private void append(PartitionTokens tokens, ConsumerRecord<byte[], byte[]> record) {
        while (!closing.getAsBoolean()) {
            try {
                tokens.append(record, deserializer);
                return;
            } catch (RetriableException e) {
                log.atWarn().addKeyValue("error", e.getMessage()).log("Retrying: the schema registry is unavailable");
                pause();
            }
        }
    }

    /** Takes over the consumer's positions, which move past transaction markers too. */
    void updatePositions(Consumer<byte[], byte[]> consumer) {
        try {
            partitions.forEach((partition, tokens) -> tokens.moveTo(consumer.position(partition, POSITION_TIMEOUT)));
        } catch (RetriableException e) {
            log.atDebug().setCause(e).log("Retrying: the position in a partition is unknown, as Kafka is unavailable");
        }
    }

    /** How far the partitions are read. */
    Map<TopicPartition, PartitionProgress> progress() {
        return partitions.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey,
                        entry -> PartitionProgress.finishedTo(entry.getValue().position())));
    }

    private static void pause() {
        try {
            Thread.sleep(RETRY_PAUSE.toMillis());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
