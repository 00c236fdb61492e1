package io.inkstream.systemtests.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.systemtests.processes.ProcessFleet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChaosScheduleTest {

    private static final Duration HOURS = Duration.ofHours(10);

    @Test
    void aSeedAlwaysGivesTheSameSchedule() {
        assertThat(ChaosSchedule.of(5, ChaosRun.SERVICES, HOURS, 50))
                .isEqualTo(ChaosSchedule.of(5, ChaosRun.SERVICES, HOURS, 50))
                .isNotEqualTo(ChaosSchedule.of(6, ChaosRun.SERVICES, HOURS, 50));
    }

    @Test
    void everyProcessIsKilledAndPaused() {
        // When
        ChaosSchedule schedule = ChaosSchedule.of(5, ChaosRun.SERVICES, HOURS, 50);

        // Then
        List<String> processes = new ArrayList<>(ChaosRun.SERVICES);
        processes.add(ProcessFleet.BROKER);
        for (ChaosKind kind : List.of(ChaosKind.KILL, ChaosKind.PAUSE)) {
            assertThat(schedule.events())
                    .filteredOn(event -> event.kind() == kind)
                    .extracting(ChaosEvent::target)
                    .containsAll(processes);
        }
        assertThat(schedule.events())
                .filteredOn(event -> event.kind() == ChaosKind.KILL)
                .hasSizeBetween(50, 51);
        assertThat(schedule.events())
                .as("whose group's offsets are deleted")
                .filteredOn(event -> event.kind() == ChaosKind.FORGET)
                .extracting(ChaosEvent::target)
                .containsOnly(ChaosSchedule.FORGETFUL)
                .hasSizeGreaterThanOrEqualTo(2);
    }

    @Test
    void nothingIsDoneToAProcessThatIsAway() {
        // Given
        List<ChaosEvent> events =
                ChaosSchedule.of(5, ChaosRun.SERVICES, HOURS, 200).events();

        // Then
        for (String target : ChaosRun.SERVICES) {
            List<ChaosEvent> own = events.stream()
                    .filter(event -> event.target().equals(target))
                    .toList();
            for (int i = 1; i < own.size(); i++) {
                assertThat(own.get(i).at())
                        .as("%s after %s", own.get(i), own.get(i - 1))
                        .isGreaterThan(own.get(i - 1).end());
            }
        }
    }

    @Test
    void anEventSaysWhatHappensWhen() {
        assertThat(new ChaosEvent(3_040, ChaosKind.KILL, "trainer-1", 2_400))
                .hasToString("t=3.0 s: KILL trainer-1 for 2.4 s");
        assertThat(new ChaosEvent(6_900, ChaosKind.RESTART, "ingest", 0)).hasToString("t=6.9 s: RESTART ingest");
    }
}
