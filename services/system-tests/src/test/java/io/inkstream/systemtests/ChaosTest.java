package io.inkstream.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.systemtests.chaos.ChaosRun;
import io.inkstream.systemtests.chaos.ChaosSchedule;
import io.inkstream.systemtests.invariants.Findings;
import io.inkstream.systemtests.invariants.Invariants;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A short run of what {@code services/system-tests/chaos} does for hours. */
@Tag("full")
class ChaosTest {

    /** With it every process is killed, every one is paused, and ingest's offsets are deleted. */
    private static final long SEED = 16;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void nothingIsLostDuplicatedOrChangedByKillsPausesLostOffsetsAndBadRecords() throws InterruptedException {
        // Given
        ChaosSchedule schedule =
                ChaosSchedule.of(Long.getLong("chaos.seed", SEED), ChaosRun.SERVICES, Duration.ofSeconds(140), 0);
        ChaosRun.Settings settings =
                new ChaosRun.Settings(ChaosRun.SERVICES, 60, Duration.ofSeconds(70), Duration.ofMinutes(5));

        // When
        Findings findings = new ChaosRun(folder, schedule, settings, System.out).run();

        // Then
        assertThat(findings.faults()).isEmpty();
        assertThat(findings.figure(Invariants.TOKENS_PRODUCED)).isGreaterThan(10_000);
        assertThat(findings.figure(Invariants.CHECKPOINTS)).isGreaterThan(15);
        assertThat(findings.figure(Invariants.COMPARED)).isGreaterThanOrEqualTo(10);
        assertThat(findings.figure(Invariants.BAD_RECORDS)).isGreaterThan(20);
        assertThat(findings.figure(ChaosRun.REROUTED)).isGreaterThan(20);
        assertThat(findings.figure(ChaosRun.FORGOTTEN)).isPositive();
    }
}
