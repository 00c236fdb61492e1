package io.inkstream.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.inkstream.languagemodel.text.Reading;
import io.inkstream.platform.topics.Topic;
import io.inkstream.platform.topics.TopicNames;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.SamplingKind;
import io.inkstream.schemas.TrainingSpec;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Killed at any moment, and again while it recovers, training ends with the very weights of a run that was left alone: in
 * every case the kills come between its first checkpoint and its last.
 */
class BitExactResumeTest {

    private static final String TRAINER = "trainer";
    private static final int MORE_EPOCHS_THAN_THE_TEST_LASTS = 100_000;
    private static final int LINES = 100;

    /** Of a stream: more than is trained on between two looks at it. */
    private static final int TOKENS_AHEAD = 90_000;

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration SECOND = Duration.ofSeconds(1);

    /** So that a killed trainer's partitions are free sooner. */
    private static final Map<String, String> SHORT_SESSIONS =
            Map.of("KAFKA_SESSION_TIMEOUT_MS", "3000", "KAFKA_HEARTBEAT_INTERVAL_MS", "1000");

    private final TopicNames topics = new TopicNames(TopicNames.DEFAULT_PREFIX);
    private final long seed = Long.getLong("chaos.seed", 1);
    private final Random random = new Random(seed);
    private final GeneratedText pieces = new GeneratedText(seed);
    private final Map<CorpusText, TrainingCase> cases = new LinkedHashMap<>();
    private ProcessFleet fleet;
    private Workload workload;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @BeforeEach
    void start() {
        System.out.println("Seed " + seed);
        fleet = new ProcessFleet(folder, List.of(TRAINER), SHORT_SESSIONS);
        fleet.startBroker(topics);
        workload = new Workload(fleet.connection(), topics);
    }

    @AfterEach
    void stop() {
        workload.close();
        fleet.close();
    }

    @Test
    void everyCellOptimizerAndSamplerEndsWithTheWeightsOfARunThatWasLeftAlone() {
        // Given trainings that would go on for ever
        for (TrainingCase each : TrainingCase.all()) {
            CorpusText text = workload.begin(each.label(), Reading.DEFAULT, spec(each));
            workload.appendTokens(text, pieces.piece(20 + cases.size(), LINES));
            cases.put(text, each);
        }
        fleet.start(TRAINER);

        // When the trainer is killed while it trains, twice while it recovers, and while it trains again
        awaitStepsOfEach(Map.of());
        kill(millis(0, 2));
        kill(millis(0.3, 2));
        Map<String, Long> before = kill(millis(1.5, 4));
        awaitStepsOfEach(before);
        kill(millis(0, 2));
        Map<String, CheckpointManifest> killed = newest();
        cases.forEach((text, each) -> workload.publish(
                text,
                TrainingSpec.newBuilder(spec(each))
                        .setEpochs(killed.get(text.corpus()).getEpoch() + 2)
                        .build()));
        await().atMost(PATIENCE).pollInterval(SECOND).until(() -> newest().values().stream()
                .allMatch(CheckpointManifest::getFinished));

        // Then
        Findings findings = new Findings();
        Evidence evidence = Evidence.gather(fleet.connection(), topics);
        Invariants.check(evidence, workload, findings);
        try (Repetitions repetitions = new Repetitions(fleet.connection(), topics)) {
            cases.keySet().forEach(text -> Invariants.checkWeights(evidence, text, repetitions, findings));
        }
        System.out.print(findings.table());
        assertThat(findings.faults()).isEmpty();
        assertThat(findings.figure(Invariants.COMPARED)).isEqualTo(cases.size());
    }

    private TrainingSpec spec(TrainingCase each) {
        return each.spec(MORE_EPOCHS_THAN_THE_TEST_LASTS, seed);
    }

    /** Kills and starts it again; returns the optimizer steps of each corpus that were committed. */
    private Map<String, Long> kill(Duration after) {
        feed(newest());
        await().pollDelay(after).atMost(PATIENCE).until(() -> true);
        fleet.kill(TRAINER);
        Map<String, CheckpointManifest> newest = newest();
        Map<String, Long> steps = newest.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().getStep()));
        System.out.printf("Killed after %s, with steps %s%n", after, steps);
        assertThat(newest).as("checkpoints at the kill").hasSize(cases.size());
        assertThat(newest.values()).noneMatch(CheckpointManifest::getFinished);
        fleet.start(TRAINER);
        return steps;
    }

    /** Waits for a checkpoint of each corpus, with more steps than before. */
    private void awaitStepsOfEach(Map<String, Long> before) {
        await().atMost(PATIENCE).pollInterval(SECOND).until(() -> {
            Map<String, CheckpointManifest> newest = newest();
            feed(newest);
            return newest.size() == cases.size()
                    && newest.entrySet().stream()
                            .allMatch(entry -> entry.getValue().getStep() > before.getOrDefault(entry.getKey(), 0L));
        });
    }

    /** Lets the streams go on, so that those who read them do not come to their end. */
    private void feed(Map<String, CheckpointManifest> newest) {
        cases.forEach((text, each) -> {
            CheckpointManifest manifest = newest.get(text.corpus());
            long trained = manifest == null ? 0 : manifest.getTokensTrained();
            while (each.sampling() == SamplingKind.ONLINE && text.size() - trained < TOKENS_AHEAD) {
                workload.appendTokens(text, pieces.piece(20 + text.pieces(), 10 * LINES));
            }
        });
        workload.flush();
    }

    private Map<String, CheckpointManifest> newest() {
        try (TopicScan<CheckpointManifest> scan = new TopicScan<>(fleet.connection(), topics.of(Topic.MODELS))) {
            return scan.latest().entrySet().stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey, entry -> entry.getValue().value()));
        }
    }

    private Duration millis(double earliest, double span) {
        return Duration.ofMillis(Math.round(1000 * (earliest + span * random.nextDouble())));
    }
}
