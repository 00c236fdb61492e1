package io.inkstream.client;

import io.inkstream.client.topics.TopicScan;
import io.inkstream.corpuslog.topics.HomeRecords;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.consumers.CommittedReads;
import io.inkstream.platform.consumers.FollowedTopic;
import io.inkstream.platform.consumers.TopicFollower;
import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.schemas.CheckpointManifest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Waits until a corpus has a checkpoint: reads the models topic once, and follows it from there.
 *
 * @param connection how to reach the topics
 * @param topics their names
 */
record CheckpointWait(Connection connection, TopicNames topics) {

    /**
     * The newest checkpoint of a corpus, as soon as there is one; empty if none is committed within this time. A topic that does
     * not exist yet is waited for too.
     *
     * @throws InkstreamException if the topic cannot be followed
     * @throws InterruptedException if the thread is interrupted
     */
    Optional<CheckpointManifest> newest(String corpus, Duration timeout) throws InterruptedException {
        String models = topics.of(Topic.MODELS);
        try (Deserializer<CheckpointManifest> manifests =
                RecordSerdes.deserializer(connection, CheckpointManifest.class)) {
            NewestManifest newest = new NewestManifest(corpus, manifests);
            try (TopicFollower follower = new TopicFollower(
                    "checkpoint-wait",
                    this::consumer,
                    TopicFollower.Start.BEGINNING,
                    List.of(new FollowedTopic(models, HomeRecords::byCorpus, newest)))) {
                follower.start(newest);
                return Optional.of(newest.found.get(timeout.toMillis(), TimeUnit.MILLISECONDS));
            } catch (TimeoutException e) {
                return Optional.empty();
            } catch (ExecutionException e) {
                Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
                if (cause instanceof InkstreamException known) {
                    throw known;
                }
                throw new InkstreamException(
                        "Topic %s cannot be followed: %s".formatted(models, cause.getMessage()), e);
            }
        }
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(
                CommittedReads.properties(connection), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Keeps the newest manifest of one corpus, on the follower's thread. */
    private static final class NewestManifest implements FollowedTopic.Reader, TopicFollower.Listener {

        private final CompletableFuture<CheckpointManifest> found = new CompletableFuture<>();
        private final String corpus;
        private final Deserializer<CheckpointManifest> manifests;

        private Optional<CheckpointManifest> newest = Optional.empty();
        private boolean caughtUp;

        private NewestManifest(String corpus, Deserializer<CheckpointManifest> manifests) {
            this.corpus = corpus;
            this.manifests = manifests;
        }

        @Override
        public boolean take(ConsumerRecord<byte[], byte[]> record) {
            if (record.key() == null || !corpus.equals(new String(record.key(), StandardCharsets.UTF_8))) {
                return false;
            }
            if (record.value() == null) {
                newest = Optional.empty();
                return true;
            }
            // A record that holds no manifest leaves the one before: the generator makes a dead letter of it.
            Optional<CheckpointManifest> read = TopicScan.valueIfAny(manifests, record);
            newest = read.or(() -> newest);
            return read.isPresent();
        }

        @Override
        public void changed() {
            if (caughtUp) {
                newest.ifPresent(found::complete);
            }
        }

        @Override
        public void caughtUp() {
            caughtUp = true;
            changed();
        }

        @Override
        public void failed(Throwable failure) {
            found.completeExceptionally(failure);
        }
    }
}
