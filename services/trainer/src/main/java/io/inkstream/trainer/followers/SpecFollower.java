package io.inkstream.trainer.followers;

import io.inkstream.corpuslog.specs.SpecConversion;
import io.inkstream.corpuslog.topics.HomeRecords;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.consumers.ConsumerFactory;
import io.inkstream.platform.consumers.FollowedTopic;
import io.inkstream.platform.consumers.TopicFollower;
import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.SpecPosition;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the corpora topic in a thread of its own and holds the newest spec of each corpus. The topic is small, so
 * every trainer reads all of it, whatever partitions it trains.
 */
public final class SpecFollower implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(SpecFollower.class);

    private final Map<String, PublishedSpec> specs = new ConcurrentHashMap<>();
    private final String topicId;
    private final Deserializer<CorpusSpec> deserializer;
    private final TopicFollower follower;

    /**
     * A follower that is not started yet.
     *
     * @param topicId the topic's id
     */
    public SpecFollower(Connection connection, ConsumerFactory consumers, String topic, String topicId) {
        this.topicId = topicId;
        this.deserializer = RecordSerdes.deserializer(connection, CorpusSpec.class);
        this.follower = new TopicFollower(
                "spec-follower",
                () -> consumers.open("inkstream-trainer-specs"),
                TopicFollower.Start.BEGINNING,
                List.of(new FollowedTopic(topic, HomeRecords::byCorpus, this::take)));
    }

    /**
     * Starts following.
     *
     * @param listener called after new specs were read, on the follower's thread
     */
    public void start(Runnable listener) {
        follower.start(listener::run);
    }

    /** True once everything was read that was there at the start. */
    public boolean caughtUp() {
        return follower.caughtUp();
    }

    /** What ended the follower, if it failed. */
    public Optional<Throwable> failure() {
        return follower.failure();
    }

    /** The newest spec of a corpus. */
    public Optional<PublishedSpec> spec(String corpus) {
        return Optional.ofNullable(specs.get(corpus));
    }

    @Override
    public void close() {
        follower.close();
        deserializer.close();
    }

    private boolean take(ConsumerRecord<byte[], byte[]> record) {
        if (record.key() == null) {
            return false; // ingest, which reads this topic too, has made it a dead letter
        }
        String corpus = new String(record.key(), StandardCharsets.UTF_8);
        if (record.value() == null) {
            specs.remove(corpus);
            return true;
        }
        try {
            return take(corpus, record, deserializer.deserialize(record.topic(), record.headers(), record.value()));
        } catch (SerializationException e) {
            ignore(corpus, record, String.valueOf(e.getMessage()));
            return false;
        }
    }

    /** A spec with impossible values replaces another such spec only, so that it is reported where there is no valid one. */
    private boolean take(String corpus, ConsumerRecord<byte[], byte[]> record, CorpusSpec spec) {
        PublishedSpec before = specs.get(corpus);
        Optional<String> problem = SpecConversion.problem(spec);
        if (problem.isPresent()
                && before != null
                && SpecConversion.problem(before.spec()).isEmpty()) {
            ignore(corpus, record, problem.get());
            return false;
        }
        SpecPosition position = new SpecPosition(topicId, record.offset());
        specs.put(corpus, new PublishedSpec(spec, position, Instant.ofEpochMilli(record.timestamp())));
        return true;
    }

    /** Ingest, which reads this topic too, makes it a dead letter. */
    private static void ignore(String corpus, ConsumerRecord<byte[], byte[]> record, String error) {
        log.atWarn()
                .addKeyValue("corpus", corpus)
                .addKeyValue("partition", record.partition())
                .addKeyValue("offset", record.offset())
                .addKeyValue("error", error)
                .log("Invalid corpus spec ignored; the previous one, if any, stays in force");
    }
}
