package io.inkstream.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.inkstream.client.topics.TopicScan;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.languagemodel.text.Reading;
import io.inkstream.schemas.CellKind;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.OptimizerKind;
import io.inkstream.schemas.SamplingKind;
import io.inkstream.schemas.TrainingSpec;
import io.inkstream.systemtests.invariants.Evidence;
import io.inkstream.systemtests.invariants.Findings;
import io.inkstream.systemtests.invariants.Invariants;
import io.inkstream.systemtests.invariants.Repetitions;
import io.inkstream.systemtests.processes.ProcessFleet;
import io.inkstream.systemtests.processes.UncommittedWatch;
import io.inkstream.systemtests.workload.CorpusText;
import io.inkstream.systemtests.workload.GeneratedText;
import io.inkstream.systemtests.workload.TrainingCase;
import io.inkstream.systemtests.workload.TrainingPlan;
import io.inkstream.systemtests.workload.Workload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A trainer is killed at the worst moments of a checkpoint of several megabytes: when some of its chunks are written, when
 * all are, and when the manifest is written and it is unknown whether it is committed.
 */
@Tag("full")
class KillDuringCommitTest {

    private static final String TRAINER = "trainer";
    private static final String CORPUS = "large";
    private static final int MORE_EPOCHS_THAN_THE_TEST_LASTS = 100_000;
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final Duration HALF_A_SECOND = Duration.ofMillis(500);
    private static final Map<String, String> SHORT_SESSIONS =
            Map.of("KAFKA_SESSION_TIMEOUT_MS", "3000", "KAFKA_HEARTBEAT_INTERVAL_MS", "1000");

    private final TopicNames topics = new TopicNames(TopicNames.DEFAULT_PREFIX);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void aPartlyWrittenCheckpointIsIgnored() {
        try (ProcessFleet fleet = new ProcessFleet(folder, List.of(TRAINER), SHORT_SESSIONS)) {
            fleet.startBroker(topics);
            try (Workload workload = new Workload(fleet.connection(), topics);
                    Repetitions repetitions = new Repetitions()) {
                // Given a network whose checkpoint takes nine chunks
                TrainingSpec spec = TrainingSpec.newBuilder(
                                TrainingCase.of(CellKind.LSTM, OptimizerKind.ADAM, SamplingKind.SEQUENTIAL)
                                        .spec(MORE_EPOCHS_THAN_THE_TEST_LASTS, 1))
                        .setHidden(400)
                        .build();
                CorpusText text = workload.begin(CORPUS, Reading.DEFAULT, spec);
                workload.appendTokens(text, new GeneratedText(1).piece(0, 40));
                workload.flush();
                fleet.start(TRAINER);

                // When it is killed as soon as the third chunk is there, then the last one, then a manifest
                killAtChunk(fleet, 2);
                killAtChunk(fleet, 8);
                killAtManifest(fleet);
                int enough = newest(fleet).getEpoch() + 10;
                TrainingSpec last =
                        TrainingSpec.newBuilder(spec).setEpochs(enough).build();
                workload.publish(text, last);
                repetitions.begin(text, TrainingPlan.onAll(text, last));
                workload.flush();
                fleet.start(TRAINER);

                // Then it ends with the checkpoint of an uninterrupted run
                await().pollInterval(HALF_A_SECOND)
                        .atMost(TIMEOUT)
                        .until(() -> newest(fleet) != null && newest(fleet).getFinished());
                assertThat(newest(fleet).getChunkOffsets()).hasSizeGreaterThanOrEqualTo(9);
                Findings findings = new Findings();
                Evidence evidence = Evidence.gatherQuiet(fleet.connection(), topics, workload.badRecords());
                Invariants.check(evidence, workload, findings);
                Invariants.checkTraining(evidence, text, repetitions, findings);
                System.out.print(findings.table());
                assertThat(findings.faults()).isEmpty();
                assertThat(findings.figure(Invariants.COMPARED)).isOne();
            }
        }
    }

    private void killAtChunk(ProcessFleet fleet, int chunk) {
        await().pollInterval(HALF_A_SECOND).atMost(TIMEOUT).until(() -> newest(fleet) != null);
        CheckpointManifest before;
        long written;
        try (UncommittedWatch watch = new UncommittedWatch(fleet.connection(), topics.of(Topic.CHECKPOINTS))) {
            written = watch.await(key -> key.endsWith("/" + chunk), TIMEOUT);
            fleet.kill(TRAINER);
            before = newest(fleet);
        }
        System.out.printf(
                "Killed with chunk %d written at offset %d; the newest manifest is number %d%n",
                chunk, written, before.getNumber());
        fleet.start(TRAINER);
        await().pollInterval(HALF_A_SECOND)
                .atMost(TIMEOUT)
                .until(() -> newest(fleet).getNumber() > before.getNumber());
    }

    private void killAtManifest(ProcessFleet fleet) {
        try (UncommittedWatch watch = new UncommittedWatch(fleet.connection(), topics.of(Topic.MODELS))) {
            long written = watch.await(key -> key.equals(CORPUS), TIMEOUT);
            fleet.kill(TRAINER);
            System.out.printf("Killed with a manifest written at offset %d%n", written);
        }
    }

    private CheckpointManifest newest(ProcessFleet fleet) {
        try (TopicScan<CheckpointManifest> scan =
                new TopicScan<>(fleet.connection(), topics.of(Topic.MODELS), CheckpointManifest.class)) {
            TopicScan.Entry<CheckpointManifest> entry = scan.latest().get(CORPUS);
            return entry == null ? null : entry.value();
        }
    }
}
