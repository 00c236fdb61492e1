package io.inkstream.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.inkstream.languagemodel.text.Reading;
import io.inkstream.platform.topics.Topic;
import io.inkstream.platform.topics.TopicNames;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.standalone.client.TopicScan;
import io.inkstream.systemtests.invariants.Evidence;
import io.inkstream.systemtests.invariants.Findings;
import io.inkstream.systemtests.invariants.Invariants;
import io.inkstream.systemtests.invariants.Repetitions;
import io.inkstream.systemtests.processes.ProcessFleet;
import io.inkstream.systemtests.workload.CorpusText;
import io.inkstream.systemtests.workload.GeneratedText;
import io.inkstream.systemtests.workload.TrainingCase;
import io.inkstream.systemtests.workload.Workload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Killed at any moment, and again while it recovers, training ends with the very weights of a run that was left alone. */
class BitExactResumeTest {

    private static final String TRAINER = "trainer";
    private static final int EPOCHS = 40;
    private static final int LINES = 100;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** So that a killed trainer's partitions are free sooner. */
    private static final Map<String, String> SHORT_SESSIONS =
            Map.of("KAFKA_SESSION_TIMEOUT_MS", "3000", "KAFKA_HEARTBEAT_INTERVAL_MS", "1000");

    private final TopicNames topics = new TopicNames(TopicNames.DEFAULT_PREFIX);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void everyCellOptimizerAndSamplerEndsWithTheWeightsOfARunThatWasLeftAlone() {
        long seed = Long.getLong("chaos.seed", 1);
        Random random = new Random(seed);
        System.out.println("Seed " + seed);
        try (ProcessFleet fleet = new ProcessFleet(folder, List.of(TRAINER), SHORT_SESSIONS)) {
            fleet.startBroker(topics);
            try (Workload workload = new Workload(fleet.connection(), topics);
                    Repetitions repetitions = new Repetitions(fleet.connection(), topics)) {
                // Given
                GeneratedText text = new GeneratedText(seed);
                List<TrainingCase> cases = TrainingCase.all();
                for (TrainingCase each : cases) {
                    CorpusText corpus = workload.begin(each.label(), Reading.DEFAULT, each.spec(EPOCHS, seed));
                    workload.appendTokens(
                            corpus, text.piece(20 + workload.texts().size(), LINES));
                }
                workload.flush();
                fleet.start(TRAINER);

                // When it is killed while it trains, twice while it recovers, and while it trains again
                awaitSteps(fleet, 0);
                kill(fleet, millis(random, 0, 2));
                kill(fleet, millis(random, 0.3, 2));
                long before = kill(fleet, millis(random, 1.5, 4));
                awaitSteps(fleet, before);
                kill(fleet, millis(random, 0, 2));
                await().atMost(PATIENCE).pollInterval(Duration.ofSeconds(1)).until(() -> {
                    List<CheckpointManifest> newest = newest(fleet);
                    return newest.size() == cases.size() && newest.stream().allMatch(CheckpointManifest::getFinished);
                });

                // Then
                Findings findings = new Findings();
                Evidence evidence = Evidence.gather(fleet.connection(), topics);
                Invariants.check(evidence, workload, findings);
                workload.texts().forEach(corpus -> Invariants.checkWeights(evidence, corpus, repetitions, findings));
                System.out.print(findings.table());
                assertThat(findings.faults()).isEmpty();
                assertThat(findings.figure(Invariants.COMPARED)).isEqualTo(cases.size());
            }
        }
    }

    /** Kills and starts it again; returns the optimizer steps that were committed. */
    private long kill(ProcessFleet fleet, Duration after) {
        await().pollDelay(after).atMost(PATIENCE).until(() -> true);
        fleet.kill(TRAINER);
        List<CheckpointManifest> newest = newest(fleet);
        System.out.printf(
                "Killed after %s, with epochs %s%n",
                after, newest.stream().map(CheckpointManifest::getEpoch).toList());
        assertThat(newest).as("checkpoints at the kill").anyMatch(manifest -> !manifest.getFinished());
        fleet.start(TRAINER);
        return steps(newest);
    }

    private void awaitSteps(ProcessFleet fleet, long before) {
        await().atMost(PATIENCE).until(() -> steps(newest(fleet)) > before);
    }

    private static long steps(List<CheckpointManifest> manifests) {
        return manifests.stream().mapToLong(CheckpointManifest::getStep).sum();
    }

    private List<CheckpointManifest> newest(ProcessFleet fleet) {
        try (TopicScan<CheckpointManifest> scan = new TopicScan<>(fleet.connection(), topics.of(Topic.MODELS))) {
            return scan.latest().values().stream().map(TopicScan.Entry::value).toList();
        }
    }

    private static Duration millis(Random random, double earliest, double span) {
        return Duration.ofMillis(Math.round(1000 * (earliest + span * random.nextDouble())));
    }
}
