package io.inkstream.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.inkstream.corpuslog.topics.CorpusPartition;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.corpuslog.topics.TopicProvisioner;
import io.inkstream.languagemodel.text.Reading;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.SamplingKind;
import io.inkstream.systemtests.invariants.Evidence;
import io.inkstream.systemtests.invariants.Findings;
import io.inkstream.systemtests.invariants.Invariants;
import io.inkstream.systemtests.invariants.TrainingWatch;
import io.inkstream.systemtests.processes.TrainerGroup;
import io.inkstream.systemtests.stacks.ContainerKafkaStack;
import io.inkstream.systemtests.stacks.DockerEngine;
import io.inkstream.systemtests.stacks.TrainerContainer;
import io.inkstream.systemtests.workload.CorpusText;
import io.inkstream.systemtests.workload.GeneratedText;
import io.inkstream.systemtests.workload.TrainingCase;
import io.inkstream.systemtests.workload.Workload;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two trainers in containers, and faults that only a network has: nothing ends, and connections stay open without an answer. */
@Tag("containers")
class NetworkFaultsTest {

    private static final TopicNames TOPICS = new TopicNames(TopicNames.DEFAULT_PREFIX);
    private static final int PARTITIONS = 2;
    private static final int ENDLESS = 1_000_000;
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    /** Longer than the session timeout of a trainer, which is 10 s. */
    private static final Duration OUTAGE = Duration.ofSeconds(20);

    private static ContainerKafkaStack stack;
    private static Map<String, TrainerContainer> trainers;
    private static Workload workload;
    private static TrainingWatch watch;
    private static TrainerGroup group;

    @BeforeAll
    static void trainACorpusInEachPartition() {
        DockerEngine.require();
        stack = new ContainerKafkaStack();
        TopicProvisioner.ensure(stack.connection(), TOPICS, PARTITIONS, EnumSet.allOf(Topic.class));
        workload = new Workload(stack.connection(), TOPICS);
        watch = new TrainingWatch(stack.connection(), TOPICS);
        group = new TrainerGroup(stack.connection(), TOPICS);
        trainers = new TreeMap<>(Map.of(
                "trainer-1", new TrainerContainer(stack, "trainer-1"),
                "trainer-2", new TrainerContainer(stack, "trainer-2")));
        trainers.values().forEach(TrainerContainer::start);
        GeneratedText text = new GeneratedText(1);
        List<TrainingCase> cases = TrainingCase.all().stream()
                .filter(each -> each.sampling() != SamplingKind.ONLINE) // which is done with the text
                .toList();
        CorpusPartition home = new CorpusPartition(PARTITIONS);
        for (int partition = 0; partition < PARTITIONS; partition++) {
            int number = 0;
            while (home.of("corpus-" + number) != partition) {
                number++;
            }
            CorpusText corpus = workload.begin(
                    "corpus-" + number, Reading.DEFAULT, cases.get(partition).spec(ENDLESS, 1));
            workload.appendTokens(corpus, text.piece(partition, 100));
        }
        workload.flush();
        awaitOwners(trainers.keySet());
        awaitStepsOfEach();
    }

    @AfterAll
    static void stop() {
        if (stack == null) {
            return;
        }
        trainers.values().forEach(TrainerContainer::close);
        group.close();
        watch.close();
        workload.close();
        stack.close();
    }

    @Test
    void aTrainerThatIsCutOffPublishesNothingAfterItsPartitionsWereTakenOver() {
        // Given
        awaitOwners(trainers.keySet());
        CorpusText corpus = workload.texts().get(0);
        String owner = group.owners().get(0);
        awaitSteps(corpus);

        // When it loses the network, and another one trains its corpus
        trainers.get(owner).cutOff();
        await().atMost(TIMEOUT).until(() -> !owner.equals(group.owners().getOrDefault(0, owner)));
        awaitSteps(corpus);

        // And it has the network again
        trainers.get(owner).reconnect();

        // Then it gets its share again, and no step was published twice
        awaitOwners(trainers.keySet());
        awaitStepsOfEach();
        requireOneHistory();
    }

    @Test
    void aPausedBrokerDelaysTrainingAndLosesNothing() {
        // Given
        awaitOwners(trainers.keySet());
        awaitStepsOfEach();

        // When the broker answers nobody for longer than a session, while text is produced
        stack.pauseBroker();
        long paused = System.nanoTime();
        workload.texts().forEach(each -> workload.appendTokens(each, new GeneratedText(2).piece(0, 100)));
        await().atMost(TIMEOUT).until(() -> System.nanoTime() - paused > OUTAGE.toNanos());
        stack.unpauseBroker();

        // Then everything is produced, and trained on
        workload.flush();
        awaitOwners(trainers.keySet());
        for (CorpusText each : workload.texts()) {
            await().atMost(TIMEOUT)
                    .until(() -> watch.newest(each.corpus())
                                    .orElseThrow()
                                    .getSource()
                                    .getEndPosition()
                            == each.size());
        }
        requireOneHistory();
    }

    private static void awaitOwners(Set<String> owners) {
        await().atMost(TIMEOUT).until(() -> {
            Map<Integer, String> now = group.owners();
            return now.size() == PARTITIONS && Set.copyOf(now.values()).equals(owners);
        });
    }

    /** Waits until steps of a corpus are committed that were not at the beginning. */
    private static void awaitSteps(CorpusText corpus) {
        long before = step(corpus);
        await().atMost(TIMEOUT).until(() -> step(corpus) > before);
    }

    /** The same for all corpora at once. */
    private static void awaitStepsOfEach() {
        Map<CorpusText, Long> before =
                workload.texts().stream().collect(Collectors.toMap(corpus -> corpus, corpus -> step(corpus)));
        before.forEach((corpus, steps) -> await().atMost(TIMEOUT).until(() -> step(corpus) > steps));
    }

    private static long step(CorpusText corpus) {
        return watch.newest(corpus.corpus()).map(CheckpointManifest::getStep).orElse(0L);
    }

    private static void requireOneHistory() {
        Findings findings = new Findings();
        Invariants.checkHistory(Evidence.gather(stack.connection(), TOPICS), workload, findings);
        assertThat(findings.faults()).isEmpty();
    }
}
