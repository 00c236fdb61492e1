package io.inkstream.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.inkstream.corpuslog.checkpoints.CheckpointTransactions;
import io.inkstream.corpuslog.topics.CorpusPartition;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.corpuslog.topics.TopicProvisioner;
import io.inkstream.platform.config.Connection;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.testsupport.BrokerFixture;
import io.inkstream.testsupport.TokenTopic;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An owner keeps training what the group assigns to it. */
class RebalanceTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int PARTITIONS = 2;

    private static final AtomicInteger TESTS = new AtomicInteger();

    private final TopicNames topics = new TopicNames("rebalance" + TESTS.incrementAndGet());
    private Connection connection;

    @BeforeEach
    void createTopics() {
        connection = BrokerFixture.get().connection();
        TopicProvisioner.ensure(connection, topics, PARTITIONS, EnumSet.allOf(Topic.class));
    }

    @Test
    void anOwnerKeepsTrainingThePartitionsThatItKeeps() {
        try (TokenTopic tokens = new TokenTopic(connection, topics);
                TrainerService first = Trainers.start(connection, topics, PARTITIONS);
                TrainerService second = Trainers.start(connection, topics, PARTITIONS)) {
            // Given two trainers with a partition each
            List<String> corpora = List.of("corpus-0", "corpus-1", "corpus-2", "corpus-3");
            for (String corpus : corpora) {
                tokens.appendTokens(corpus, 2_000);
                tokens.publish(corpus, Trainers.endless());
            }
            await().atMost(TIMEOUT).until(() -> corpora.stream().allMatch(corpus -> step(tokens, corpus) > 0));

            // When a third one joins, for which there is no partition
            try (TrainerService third = Trainers.start(connection, topics, PARTITIONS)) {
                await().atMost(TIMEOUT).until(() -> third.health().ready());

                // Then all corpora are trained further
                for (String corpus : corpora) {
                    long before = step(tokens, corpus);
                    await().atMost(TIMEOUT).until(() -> step(tokens, corpus) > before);
                }
            }

            // And nothing was read twice
            assertThat(tokens.committed(Topic.DEAD_LETTERS)).isEmpty();
            // The third one has just left: a commit that crosses with this rebalance is refused, and the
            // partition is taken over again after a few seconds.
            await().atMost(TIMEOUT).until(() -> first.health().ready());
            await().atMost(TIMEOUT).until(() -> second.health().ready());
        }
    }

    @Test
    void anOwnerThatWasFencedByMistakeTakesItsPartitionOverAgain() {
        try (TokenTopic tokens = new TokenTopic(connection, topics);
                TrainerService owner = Trainers.start(connection, topics, PARTITIONS)) {
            // Given
            tokens.appendTokens("corpus", 2_000);
            tokens.publish("corpus", Trainers.endless());
            await().atMost(TIMEOUT).until(() -> step(tokens, "corpus") > 0);

            // When another process opens the partition that the group has not given to it, as one can that slept
            // while it took over
            int partition = new CorpusPartition(PARTITIONS).of("corpus");
            new CheckpointTransactions(connection, topics, partition).close();
            long before = step(tokens, "corpus");

            // Then the owner trains on
            await().atMost(TIMEOUT).until(() -> step(tokens, "corpus") > before);
            await().atMost(TIMEOUT).until(() -> owner.health().ready());
        }
    }

    private static long step(TokenTopic tokens, String corpus) {
        return tokens.manifests(corpus).stream()
                .mapToLong(CheckpointManifest::getStep)
                .max()
                .orElse(0);
    }
}
