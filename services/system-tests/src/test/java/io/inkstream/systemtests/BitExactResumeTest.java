package io.inkstream.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.inkstream.client.topics.TopicScan;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.languagemodel.engine.EngineKind;
import io.inkstream.languagemodel.text.Reading;
import io.inkstream.languagemodel.training.Engines;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.SamplingKind;
import io.inkstream.schemas.TrainingSpec;
import io.inkstream.systemtests.invariants.Evidence;
import io.inkstream.systemtests.invariants.Findings;
import io.inkstream.systemtests.invariants.Invariants;
import io.inkstream.systemtests.invariants.Repetitions;
import io.inkstream.systemtests.processes.ProcessFleet;
import io.inkstream.systemtests.workload.CorpusText;
import io.inkstream.systemtests.workload.GeneratedText;
import io.inkstream.systemtests.workload.TrainingCase;
import io.inkstream.systemtests.workload.TrainingPlan;
import io.inkstream.systemtests.workload.Workload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Killed at any moment, and again while it recovers, training ends with the same checkpoint as an uninterrupted run: in
 * every case the kills come between its first checkpoint and its last. What the undisturbed run does follows from the text
 * and from the published settings alone. This holds for each engine.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("engines")
class BitExactResumeTest {

    private static final String TRAINER = "trainer";
    private static final int MORE_EPOCHS_THAN_THE_TEST_LASTS = 100_000;
    private static final int EPOCHS_AFTER_THE_LAST_KILL = 10;
    private static final int LINES = 100;

    /** What a stream has ahead of its training: more than is trained on between two looks at it. */
    private static final int TOKENS_AHEAD = 50_000;

    private static final Duration TIMEOUT = Duration.ofMinutes(6);
    private static final Duration INTERVAL = Duration.ofMillis(500);
    private static final Duration BETWEEN_FEEDS = Duration.ofMillis(50);

    /** So that a killed trainer's partitions are free sooner. */
    private static final Map<String, String> SHORT_SESSIONS =
            Map.of("KAFKA_SESSION_TIMEOUT_MS", "3000", "KAFKA_HEARTBEAT_INTERVAL_MS", "1000");

    @Parameter
    EngineKind engine;

    private final TopicNames topics = new TopicNames(TopicNames.DEFAULT_PREFIX);
    private final long seed = Long.getLong("chaos.seed", 1);
    private final Random random = new Random(seed);
    private final GeneratedText pieces = new GeneratedText(seed);
    private final Map<CorpusText, TrainingCase> cases = new LinkedHashMap<>();
    private final Map<CorpusText, List<TrainingPlan.Stage>> stages = new LinkedHashMap<>();
    private Repetitions repetitions;
    private ProcessFleet fleet;
    private Workload workload;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    static Stream<EngineKind> engines() {
        return Engines.kinds().stream().sorted();
    }

    @BeforeEach
    void start() {
        System.out.println("Seed " + seed);
        repetitions = new Repetitions(engine);
        Map<String, String> variables = new HashMap<>(SHORT_SESSIONS);
        variables.put("INKSTREAM_ENGINE", engine.word());
        fleet = new ProcessFleet(folder, List.of(TRAINER), variables);
        fleet.startBroker(topics);
        workload = new Workload(fleet.connection(), topics);
    }

    @AfterEach
    void stop() {
        repetitions.close();
        workload.close();
        fleet.close();
    }

    @Test
    void eachSamplingEndsWithTheCheckpointOfAnUninterruptedRun() {
        // Given trainings without end
        beginEndless(TrainingCase.few());

        // When the trainer is killed while it trains, and while it recovers
        awaitStepsOfEach(Map.of());
        kill(millis(0, 1));
        fleet.start(TRAINER);
        kill(millis(0.3, 2));
        publishLastEpochs();
        repeatUndisturbed();
        awaitFinished();

        // Then
        requireUndisturbed();
    }

    @Test
    @Tag("full")
    void everyCellOptimizerSamplingAndOptionEndsWithTheCheckpointOfAnUninterruptedRun() {
        // Given trainings without end
        beginEndless(TrainingCase.all());

        // When the trainer is killed while it trains, twice while it recovers, and while it trains again
        awaitStepsOfEach(Map.of());
        kill(millis(0, 2));
        fleet.start(TRAINER);
        kill(millis(0.3, 2));
        fleet.start(TRAINER);
        Map<String, Long> before = kill(millis(1.5, 4));
        fleet.start(TRAINER);
        awaitStepsOfEach(before);
        kill(millis(0, 2));
        publishLastEpochs();
        awaitFinished();

        // And while it trains the networks that have grown with new text
        growEndless();
        awaitStepsOfEach(stepsOf(newest()));
        kill(millis(0, 2));
        publishLastEpochs();
        repeatUndisturbed();
        awaitFinished();

        // Then
        requireUndisturbed();
    }

    private void beginEndless(List<TrainingCase> all) {
        for (TrainingCase each : all) {
            CorpusText text = workload.begin(each.label(), Reading.DEFAULT, spec(each));
            workload.appendTokens(text, pieces.piece(cases.size() % 5, LINES));
            cases.put(text, each);
            stages.put(text, new ArrayList<>());
        }
        fleet.start(TRAINER);
    }

    /** Adds text with new characters and, once no epoch can begin without it, lets training continue without end. */
    private void growEndless() {
        Map<String, Long> before = stepsOf(newest());
        cases.keySet().forEach(text -> workload.appendTokens(text, pieces.piece(20 + text.pieces(), LINES)));
        workload.flush();
        awaitStepsOfEach(before);
        cases.forEach((text, each) -> workload.publish(text, spec(each)));
        workload.flush();
    }

    /** Says, while no trainer runs, after how many epochs each corpus is done. */
    private void publishLastEpochs() {
        Map<String, CheckpointManifest> killed = newest();
        cases.forEach((text, each) -> {
            int before = stages.get(text).stream()
                    .mapToInt(TrainingPlan.Stage::epochs)
                    .sum();
            int epochs = killed.get(text.corpus()).getEpoch() - before + EPOCHS_AFTER_THE_LAST_KILL;
            stages.get(text).add(new TrainingPlan.Stage(text.size(), epochs));
            workload.publish(
                    text, TrainingSpec.newBuilder(spec(each)).setEpochs(epochs).build());
        });
        workload.flush();
    }

    /** Begins the undisturbed run of each corpus, whose text and settings are final. */
    private void repeatUndisturbed() {
        cases.forEach((text, each) -> repetitions.begin(text, plan(text, each)));
    }

    /** However busy the machine is: the training must not stand still. */
    private void awaitFinished() {
        fleet.start(TRAINER);
        Map<String, Long> before;
        Map<String, CheckpointManifest> now = newest();
        do {
            before = stepsOf(now);
            now = awaitMoreSteps(before);
        } while (!finished(now));
    }

    /** Waits until some corpus has more steps than before, or all are finished. */
    private Map<String, CheckpointManifest> awaitMoreSteps(Map<String, Long> before) {
        return awaitCheckpoints(
                newest -> {}, newest -> finished(newest) || !stepsOf(newest).equals(before));
    }

    private static boolean finished(Map<String, CheckpointManifest> newest) {
        return newest.values().stream().allMatch(CheckpointManifest::getFinished);
    }

    private void requireUndisturbed() {
        Findings findings = new Findings();
        Evidence evidence = Evidence.gatherQuiet(fleet.connection(), topics, workload.badRecords());
        Invariants.check(evidence, workload, findings);
        cases.keySet().forEach(text -> Invariants.checkTraining(evidence, text, repetitions, findings));
        System.out.print(findings.table());
        assertThat(findings.faults()).isEmpty();
        assertThat(findings.figure(Invariants.COMPARED)).isEqualTo(cases.size());
        assertThat(newest().values()).extracting(CheckpointManifest::getEngine).containsOnly(engine.word());
    }

    private TrainingPlan plan(CorpusText text, TrainingCase each) {
        return each.sampling() == SamplingKind.ONLINE
                ? TrainingPlan.onAll(text, spec(each))
                : new TrainingPlan(spec(each), stages.get(text));
    }

    private TrainingSpec spec(TrainingCase each) {
        return each.spec(MORE_EPOCHS_THAN_THE_TEST_LASTS, seed);
    }

    /** Kills the trainer; returns the optimizer steps of each corpus that were committed. */
    private Map<String, Long> kill(Duration after) {
        long due = System.nanoTime() + after.toNanos();
        await().pollDelay(Duration.ZERO)
                .pollInterval(BETWEEN_FEEDS)
                .atMost(TIMEOUT)
                .until(() -> {
                    feed(newest());
                    return System.nanoTime() - due >= 0;
                });
        fleet.kill(TRAINER);
        Map<String, CheckpointManifest> newest = newest();
        Map<String, Long> steps = stepsOf(newest);
        System.out.printf("Killed after %s, with steps %s%n", after, steps);
        assertThat(newest).as("checkpoints at the kill").hasSize(cases.size());
        assertThat(newest.values()).noneMatch(CheckpointManifest::getFinished);
        return steps;
    }

    private static Map<String, Long> stepsOf(Map<String, CheckpointManifest> newest) {
        return newest.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue()
                .getStep()));
    }

    /** Waits for a checkpoint of each corpus, with more steps than before. */
    private void awaitStepsOfEach(Map<String, Long> before) {
        Map<String, CheckpointManifest> unused = awaitCheckpoints(
                this::feed,
                newest -> newest.size() == cases.size()
                        && newest.entrySet().stream()
                                .allMatch(
                                        entry -> entry.getValue().getStep() > before.getOrDefault(entry.getKey(), 0L)));
    }

    /** Waits for newest checkpoints that are as wanted; until then they are passed on each time. */
    private Map<String, CheckpointManifest> awaitCheckpoints(
            Consumer<Map<String, CheckpointManifest>> meanwhile, Predicate<Map<String, CheckpointManifest>> wanted) {
        AtomicReference<Map<String, Long>> steps = new AtomicReference<>(Map.of());
        try {
            return await().atMost(TIMEOUT)
                    .pollInterval(INTERVAL)
                    .until(
                            () -> {
                                // On a busy machine a trainer may end when it starts: no broker answered in time.
                                fleet.supervise();
                                Map<String, CheckpointManifest> newest = newest();
                                steps.set(stepsOf(newest));
                                meanwhile.accept(newest);
                                return newest;
                            },
                            wanted);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(
                    "The steps that were committed are %s%n%s".formatted(steps.get(), fleet.lastWords()), e);
        }
    }

    /** Extends the streams, so that no trainer reaches their end. */
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
        try (TopicScan<CheckpointManifest> scan =
                new TopicScan<>(fleet.connection(), topics.of(Topic.MODELS), CheckpointManifest.class)) {
            return scan.latest().entrySet().stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey, entry -> entry.getValue().value()));
        }
    }

    private Duration millis(double earliest, double span) {
        return Duration.ofMillis(Math.round(1000 * (earliest + span * random.nextDouble())));
    }
}
