package io.inkstream.trainer.followers;

import io.inkstream.corpuslog.topics.HomeRecords;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.consumers.ConsumerFactory;
import io.inkstream.platform.consumers.FollowedTopic;
import io.inkstream.platform.consumers.TopicFollower;
import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.schemas.CheckpointManifest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Follows the models topic from its end and records rollbacks. A trainer that commits finds out by itself, as its
 * transactional id was taken; one that is done with its epochs, and has nothing to commit, would not.
 */
public final class RollbackFollower implements AutoCloseable {

    private final Map<String, Long> numbers = new ConcurrentHashMap<>();
    private final Deserializer<CheckpointManifest> deserializer;
    private final TopicFollower follower;

    /** A follower that is not started yet. */
    public RollbackFollower(Connection connection, ConsumerFactory consumers, String topic) {
        this.deserializer = RecordSerdes.deserializer(connection, CheckpointManifest.class);
        this.follower = new TopicFollower(
                "rollback-follower",
                () -> consumers.open("inkstream-trainer-rollbacks"),
                TopicFollower.Start.END,
                List.of(new FollowedTopic(topic, HomeRecords::byCorpus, this::take)));
    }

    /**
     * Starts following.
     *
     * @param listener called after a rollback, on the follower's thread
     */
    public void start(Runnable listener) {
        follower.start(listener::run);
    }

    /** What ended the follower, if it failed. */
    public Optional<Throwable> failure() {
        return follower.failure();
    }

    /**
     * Whether a corpus was rolled back after a manifest.
     *
     * @param known the newest manifest that the trainer knows, if any
     */
    public boolean rolledBackSince(String corpus, Optional<CheckpointManifest> known) {
        Long number = numbers.get(corpus);
        return number != null
                && known.filter(newest -> number <= newest.getNumber()).isEmpty();
    }

    @Override
    public void close() {
        follower.close();
        deserializer.close();
    }

    private boolean take(ConsumerRecord<byte[], byte[]> record) {
        if (record.key() == null || record.value() == null) {
            return false;
        }
        try {
            CheckpointManifest manifest = deserializer.deserialize(record.topic(), record.headers(), record.value());
            if (manifest.getRolledBackFrom() == null) {
                return false;
            }
            numbers.put(new String(record.key(), StandardCharsets.UTF_8), manifest.getNumber());
            return true;
        } catch (SerializationException e) {
            return false; // the owner of its partition makes it a dead letter
        }
    }
}
