package io.inkstream.client;

import static io.inkstream.client.ProgressTopic.epoch;
import static io.inkstream.client.ProgressTopic.live;
import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.client.TrainingHistory.Epoch;
import io.inkstream.client.TrainingHistory.Training;
import io.inkstream.corpuslog.topics.CorpusPartition;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.corpuslog.topics.TopicProvisioner;
import io.inkstream.platform.config.Connection;
import io.inkstream.testsupport.BrokerFixture;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class TrainingHistoryTest {

    @Test
    void listsTheFiguresOfEachEpoch() {
        // When
        TrainingHistory history = TrainingHistory.of(List.of(epoch(1, 17.5, null), epoch(2, null, 20.25)));

        // Then
        Instant start = Instant.ofEpochSecond(1_800_000_000L);
        assertThat(history.newest().orElseThrow().epochs())
                .containsExactly(
                        new Epoch(1, 17.5, null, 100_000, start.plusSeconds(1)),
                        new Epoch(2, null, 20.25, 100_000, start.plusSeconds(2)));
    }

    @Test
    void aTrainingBeginsWhereTheEpochDoesNotGrow() {
        // When: one of three epochs, one of a single epoch, and one whose first epochs are gone
        TrainingHistory history = TrainingHistory.of(List.of(
                live(0),
                epoch(1, 20.0, null),
                epoch(2, 15.0, null),
                live(2),
                epoch(3, 11.0, null),
                epoch(1, 19.0, null),
                epoch(1, 18.0, null),
                epoch(7, 3.0, null),
                live(7)));

        // Then
        assertThat(history.trainings())
                .extracting(TrainingHistoryTest::numbers)
                .containsExactly(List.of(1, 2, 3), List.of(1), List.of(1, 7));
        assertThat(history.newest().orElseThrow().last().perplexity()).isEqualTo(3.0);
    }

    @Test
    void isEmptyBeforeTheFirstEpoch() {
        assertThat(TrainingHistory.of(List.of(live(0), live(0))).newest()).isEmpty();
    }

    @Test
    void readsWhatIsCommittedOfOneCorpusOnly() {
        Connection connection = BrokerFixture.get().connection();
        TopicNames topics = new TopicNames("history");

        // Given: nothing at all
        assertThat(TrainingHistory.read(connection, topics, "wells").newest()).isEmpty();

        // Given: two corpora in one partition, live progress between the epochs, and an aborted transaction
        TopicProvisioner.ensure(connection, topics, 4, EnumSet.allOf(Topic.class));
        String neighbour = neighbour("wells");
        try (ProgressTopic progress = new ProgressTopic(connection, topics)) {
            progress.commit("wells", epoch(1, 20.0, 21.0), epoch(2, 15.0, 18.0));
            progress.commit(neighbour, epoch(5, 5.0, null));
            progress.live("wells", 10_000);
            progress.abort("wells", epoch(3, 1.0, 1.0));
            progress.commit("wells", epoch(3, 11.0, 17.0));
        }

        // When
        TrainingHistory history = TrainingHistory.read(connection, topics, "wells");

        // Then
        assertThat(history.trainings()).hasSize(1);
        assertThat(history.newest().orElseThrow().epochs())
                .extracting(Epoch::perplexity)
                .containsExactly(20.0, 15.0, 11.0);
        assertThat(TrainingHistory.read(connection, topics, neighbour).newest().map(TrainingHistoryTest::numbers))
                .contains(List.of(5));
        assertThat(TrainingHistory.read(connection, topics, "unheard-of").newest())
                .isEmpty();
    }

    private static List<Integer> numbers(Training training) {
        return training.epochs().stream().map(Epoch::number).toList();
    }

    private static String neighbour(String corpus) {
        return IntStream.range(0, 100)
                .mapToObj(i -> "neighbour-" + i)
                .filter(name -> new CorpusPartition(4).of(name) == new CorpusPartition(4).of(corpus))
                .findFirst()
                .orElseThrow();
    }
}
