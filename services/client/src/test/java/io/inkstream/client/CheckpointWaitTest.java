package io.inkstream.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.corpuslog.topics.TopicProvisioner;
import io.inkstream.platform.config.Connection;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.testsupport.BrokerFixture;
import io.inkstream.testsupport.CheckpointPublisher;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class CheckpointWaitTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    private static Connection connection;

    @BeforeAll
    static void start() {
        connection = BrokerFixture.get().connection();
    }

    @Test
    void returnsTheNewestCheckpointThatIsThere() throws Exception {
        // Given
        TopicNames topics = provisioned("checkpoint-wait-there");
        String newest;
        try (CheckpointPublisher publisher = new CheckpointPublisher(connection, topics)) {
            publisher.publish("wells", 0, CheckpointPublisher.counting(1, "a", "b"));
            newest = publisher.publish("wells", 1, CheckpointPublisher.counting(2, "a", "b"));
            publisher.publish(publisher.neighbour("wells"), 0, CheckpointPublisher.counting(3, "a", "b"));
        }

        // When
        Optional<CheckpointManifest> found = new InkstreamClient(connection, topics).awaitCheckpoint("wells", LONG);

        // Then
        assertThat(found).map(CheckpointManifest::getSha256).contains(newest);
    }

    @Test
    void returnsTheFirstCheckpointAsSoonAsItIsCommitted() throws Exception {
        // Given a corpus whose model was removed, so that the topic holds records of it
        TopicNames topics = provisioned("checkpoint-wait-first");
        try (CheckpointPublisher publisher = new CheckpointPublisher(connection, topics)) {
            publisher.publish("wells", 0, CheckpointPublisher.counting(1, "a", "b"));
            publisher.remove("wells");
            CompletableFuture<Optional<CheckpointManifest>> found = waiting(topics);

            // When
            publisher.publish(
                    "wells", 1, CheckpointPublisher.counting(2, "a"), CheckpointPublisher.counting(2, "a"), false);
            Thread.sleep(500); // long enough for a checkpoint that is not committed to be seen by mistake
            assertThat(found).isNotDone();
            String committed = publisher.publish("wells", 1, CheckpointPublisher.counting(3, "a", "b"));

            // Then
            assertThat(found.get()).map(CheckpointManifest::getSha256).contains(committed);
        }
    }

    @Test
    void waitsForATopicThatDoesNotExistYet() throws Exception {
        // Given
        TopicNames topics = new TopicNames("checkpoint-wait-later");
        CompletableFuture<Optional<CheckpointManifest>> found = waiting(topics);

        // When
        provisioned(topics.prefix());
        String committed;
        try (CheckpointPublisher publisher = new CheckpointPublisher(connection, topics)) {
            committed = publisher.publish("wells", 0, CheckpointPublisher.counting(1, "a", "b"));
        }

        // Then
        assertThat(found.get()).map(CheckpointManifest::getSha256).contains(committed);
    }

    @Test
    void endsWithoutACheckpointWhenTheTimeIsOver() throws Exception {
        // Given
        TopicNames topics = provisioned("checkpoint-wait-none");

        // Then
        assertThat(new InkstreamClient(connection, topics).awaitCheckpoint("wells", Duration.ofSeconds(1)))
                .isEmpty();
    }

    private static CompletableFuture<Optional<CheckpointManifest>> waiting(TopicNames topics) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return new InkstreamClient(connection, topics).awaitCheckpoint("wells", LONG);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
    }

    private static TopicNames provisioned(String prefix) {
        TopicNames topics = new TopicNames(prefix);
        TopicProvisioner.ensure(connection, topics, 2, EnumSet.allOf(Topic.class));
        return topics;
    }
}
