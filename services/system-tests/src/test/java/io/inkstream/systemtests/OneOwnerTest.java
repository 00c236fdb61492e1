package io.inkstream.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.inkstream.corpuslog.topics.CorpusPartition;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.languagemodel.text.Reading;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.SamplingKind;
import io.inkstream.systemtests.invariants.Evidence;
import io.inkstream.systemtests.invariants.Findings;
import io.inkstream.systemtests.invariants.Invariants;
import io.inkstream.systemtests.invariants.TrainingWatch;
import io.inkstream.systemtests.processes.ProcessFleet;
import io.inkstream.systemtests.processes.TrainerGroup;
import io.inkstream.systemtests.workload.CorpusText;
import io.inkstream.systemtests.workload.GeneratedText;
import io.inkstream.systemtests.workload.TrainingCase;
import io.inkstream.systemtests.workload.Workload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Three trainers in one group, which join, leave, are killed and are paused: no two ever publish for one corpus. */
class OneOwnerTest {

    private static final List<String> TRAINERS = List.of("trainer-1", "trainer-2", "trainer-3");
    private static final int ENDLESS = 1_000_000;
    private static final Duration TIMEOUT = Duration.ofSeconds(90);
    private static final Duration LONGEST_GAP = Duration.ofSeconds(15);

    /** The shortest session that brokers allow by default. */
    private static final Map<String, String> SHORT_SESSIONS = Map.of("KAFKA_SESSION_TIMEOUT_MS", "6000");

    private static final int CORPORA_IN_A_PARTITION = 2;
    private static final TopicNames TOPICS = new TopicNames(TopicNames.DEFAULT_PREFIX);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    static Path folder;

    private static ProcessFleet fleet;
    private static Workload workload;
    private static TrainingWatch watch;
    private static TrainerGroup group;

    @BeforeAll
    static void startWithCorporaInEachPartition() {
        fleet = new ProcessFleet(folder, TRAINERS, SHORT_SESSIONS);
        fleet.startBroker(TOPICS);
        workload = new Workload(fleet.connection(), TOPICS);
        watch = new TrainingWatch(fleet.connection(), TOPICS);
        group = new TrainerGroup(fleet.connection(), TOPICS);
        GeneratedText text = new GeneratedText(1);
        CorpusPartition home = new CorpusPartition(ProcessFleet.PARTITIONS);
        List<TrainingCase> endless = TrainingCase.all().stream()
                .filter(each -> each.sampling() != SamplingKind.ONLINE) // which is done with the text
                .toList();
        Map<Integer, Integer> placed = new HashMap<>();
        for (int i = 0; workload.texts().size() < CORPORA_IN_A_PARTITION * ProcessFleet.PARTITIONS; i++) {
            if (placed.merge(home.of("corpus-" + i), 1, Integer::sum) <= CORPORA_IN_A_PARTITION) {
                TrainingCase how = endless.get(workload.texts().size());
                CorpusText corpus = workload.begin("corpus-" + i, Reading.DEFAULT, how.spec(ENDLESS, 1));
                workload.appendTokens(corpus, text.piece(i, 100));
            }
        }
        workload.flush();
    }

    @AfterAll
    static void stop() {
        group.close();
        watch.close();
        workload.close();
        fleet.close();
    }

    @BeforeEach
    void awaitThreeOwners() {
        TRAINERS.forEach(fleet::start);
        awaitOwners(Set.copyOf(TRAINERS));
    }

    @Test
    @Tag("full")
    void aLeavingMemberHandsOverAndAJoiningOneTakesOver() {
        // When one leaves
        assertThat(fleet.terminate("trainer-3")).isEqualTo(143);

        // Then the others train everything, from where it stood
        awaitOwners(Set.of("trainer-1", "trainer-2"));
        awaitStepsOfEach();
        requireOneHistory();

        // When it joins again
        fleet.start("trainer-3");

        // Then it gets its share
        awaitOwners(Set.copyOf(TRAINERS));
        awaitStepsOfEach();
        requireOneHistory();
    }

    @Test
    void theCorporaOfAKilledTrainerAreTrainedAgainWithin15Seconds() {
        killAndRequireStepsOfEveryCorpus(List.of(ownerOf(workload.texts().get(0))));
    }

    @Test
    @Tag("full")
    void everyCorpusIsTrainedAgainWithin15SecondsOfEachOfManyKills() {
        for (String trainer : TRAINERS) {
            killAndRequireStepsOfEveryCorpus(List.of(trainer));
            awaitThreeOwners();
        }
        // And two at once
        killAndRequireStepsOfEveryCorpus(TRAINERS.subList(0, 2));
        awaitThreeOwners();
        killAndRequireStepsOfEveryCorpus(TRAINERS.subList(1, 3));
    }

    /** Whether a killed trainer or another one owned it: a takeover must not hold up those that it does not concern. */
    private void killAndRequireStepsOfEveryCorpus(List<String> trainers) {
        // Given
        awaitStepsOfEach();

        // When
        trainers.forEach(fleet::kill);
        long killed = System.currentTimeMillis();
        Map<String, Long> committed = workload.texts().stream()
                .map(CorpusText::corpus)
                .collect(Collectors.toMap(corpus -> corpus, corpus -> newest(corpus)));

        // Then
        committed.forEach((corpus, steps) -> {
            await(corpus).atMost(TIMEOUT).until(() -> watch.steppedAfter(corpus, killed, steps)
                    .isPresent());
            Duration gap =
                    Duration.ofMillis(watch.steppedAfter(corpus, killed, steps).getAsLong() - killed);
            System.out.printf("From the kill of %s to the next step of %s: %d ms%n", trainers, corpus, gap.toMillis());
            assertThat(gap).as(corpus).isLessThanOrEqualTo(LONGEST_GAP);
        });
        awaitStepsOfEach();
        requireOneHistory();
    }

    @Test
    void aPausedOwnerPublishesNothingAfterItsPartitionsWereTakenOver() {
        // Given an owner that sleeps until another one has trained its corpus
        CorpusText corpus = workload.texts().get(1);
        String owner = ownerOf(corpus);
        awaitSteps(corpus);
        fleet.pause(owner);
        long paused = System.currentTimeMillis();
        await().atMost(TIMEOUT)
                .until(() -> watch.trainedAfter(corpus.corpus(), paused + 1_000).isPresent());
        awaitSteps(corpus);
        assertThat(ownerOf(corpus)).isNotEqualTo(owner);

        // When it wakes up
        fleet.resume(owner);

        // Then what it trained before is not committed, and it says so
        await().atMost(TIMEOUT).until(() -> fleet.logs(owner)
                .contains("Another has taken over inkstream-trainer-" + partition(corpus)));
        awaitSteps(corpus);
        requireOneHistory();

        // And it is a trainer like the others again
        awaitOwners(Set.copyOf(TRAINERS));
        await().atMost(TIMEOUT).until(() -> fleet.ready(owner));
    }

    private static String ownerOf(CorpusText corpus) {
        return group.owners().get(partition(corpus));
    }

    private static int partition(CorpusText corpus) {
        return new CorpusPartition(ProcessFleet.PARTITIONS).of(corpus.corpus());
    }

    private static void awaitOwners(Set<String> owners) {
        await().atMost(TIMEOUT).until(() -> {
            fleet.supervise(); // a trainer that finds no broker answering in time when it starts ends, and is
            // started again
            Map<Integer, String> now = group.owners();
            return now.size() == ProcessFleet.PARTITIONS
                    && Set.copyOf(now.values()).equals(owners);
        });
    }

    /** Waits until steps of a corpus were committed that were not at the beginning. */
    private void awaitSteps(CorpusText corpus) {
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
        return newest(corpus.corpus());
    }

    private static long newest(String corpus) {
        return watch.newest(corpus).map(CheckpointManifest::getStep).orElse(0L);
    }

    private static void requireOneHistory() {
        Findings findings = new Findings();
        Invariants.checkHistory(Evidence.gather(fleet.connection(), TOPICS), workload, findings);
        assertThat(findings.faults()).isEmpty();
    }
}
