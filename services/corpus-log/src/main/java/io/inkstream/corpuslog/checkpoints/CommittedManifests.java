package io.inkstream.corpuslog.checkpoints;

import io.inkstream.corpuslog.deadletters.DeadLetterPositions;
import io.inkstream.corpuslog.deadletters.PartitionDeadLetters;
import io.inkstream.corpuslog.deadletters.RejectedRecords;
import io.inkstream.corpuslog.topics.HomeRecords;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.consumers.LatestByKey;
import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.schemas.CheckpointManifest;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * What a partition's owner finds when it takes over: the newest readable manifest of each corpus, and the rejected
 * records that are not dead letters yet.
 *
 * @param byCorpus the newest readable manifest of each corpus
 * @param deadLetters what could not be read, there and among the tokens
 */
public record CommittedManifests(Map<String, CheckpointManifest> byCorpus, PartitionDeadLetters deadLetters) {

    /**
     * Reads them, once earlier owners are fenced.
     *
     * @param tokens what could not be read of the tokens topic's partition; what is a dead letter already is removed from it
     * @throws org.apache.kafka.common.KafkaException if the brokers or the registry are unavailable; try again
     */
    public static CommittedManifests read(
            Connection connection, TopicNames topics, int partition, RejectedRecords tokens) {
        DeadLetterPositions recorded = DeadLetterPositions.committed(connection, topics, partition);
        // After a commit whose reply was lost, only the brokers know whether its dead letters are there.
        tokens.recorded(recorded.tokens());
        RejectedRecords manifests = new RejectedRecords(topics.of(Topic.DEAD_LETTERS), recorded.models());
        try (Deserializer<CheckpointManifest> deserializer =
                RecordSerdes.deserializer(connection, CheckpointManifest.class)) {
            LatestByKey<CheckpointManifest> read = LatestByKey.read(
                    connection,
                    new TopicPartition(topics.of(Topic.MODELS), partition),
                    HomeRecords::byCorpus,
                    deserializer,
                    manifests::add);
            return new CommittedManifests(read.values(), new PartitionDeadLetters(tokens, manifests, read.end()));
        }
    }
}
