package io.inkstream.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.launcher.services.Services;
import io.inkstream.systemtests.chaos.ChaosEvent;
import io.inkstream.systemtests.chaos.ChaosKind;
import io.inkstream.systemtests.chaos.ChaosRun;
import io.inkstream.systemtests.chaos.ChaosSchedule;
import io.inkstream.systemtests.invariants.Findings;
import io.inkstream.systemtests.invariants.Invariants;
import io.inkstream.systemtests.processes.ProcessFleet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The broker is killed in the middle of everything, is away for 30 s, and comes back on the same data. */
@Tag("full")
class BrokerOutageTest {

    private static final ChaosEvent OUTAGE = new ChaosEvent(20_000, ChaosKind.KILL, ProcessFleet.BROKER, 30_000);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    /** What each service said last of its health while the broker was away. */
    private final Map<String, String> said = new TreeMap<>();

    @Test
    void everyServiceResumesByItselfAndNothingIsLostOrDuplicated() throws InterruptedException {
        // Given
        ChaosRun.Settings settings =
                new ChaosRun.Settings(Services.NAMES, 150, Duration.ofMinutes(2), Duration.ofMinutes(5));

        // When
        Findings findings = new ChaosRun(folder, ChaosSchedule.of(OUTAGE), settings, System.out)
                .observedBy(this::look)
                .run();

        // Then
        assertThat(findings.faults()).isEmpty();
        assertThat(findings.figure(Invariants.TOKENS_PRODUCED)).isGreaterThan(10_000);
        assertThat(findings.figure(Invariants.COMPARED)).isEqualTo(5);

        // And no process has ended meanwhile
        assertThat(findings.figure(ChaosRun.ENDED)).isZero();

        // And each reported why it was not ready
        System.out.println("Health while the broker was away: " + said);
        assertThat(said).containsOnlyKeys(Services.NAMES);
        assertThat(said.values())
                .allSatisfy(health ->
                        assertThat(health).startsWith("503").contains("Kafka at 127.0.0.1:", "has been unavailable"));
    }

    private void look(ProcessFleet fleet, long now) {
        if (said.isEmpty() && now > OUTAGE.end() - 5_000) {
            Services.NAMES.forEach(service -> fleet.health(service)
                    .ifPresent(answer -> said.put(service, answer.statusCode() + " " + answer.body())));
        }
    }
}
