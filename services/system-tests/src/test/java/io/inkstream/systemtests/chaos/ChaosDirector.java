package io.inkstream.systemtests.chaos;

import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.systemtests.processes.GroupOffsets;
import io.inkstream.systemtests.processes.ProcessFleet;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Does to the fleet what the schedule says, and tells of each event when it happens. Used by one thread. */
final class ChaosDirector {

    private final ProcessFleet fleet;
    private final ChaosSchedule schedule;
    private final TopicNames topics;
    private final PrintStream out;
    private final List<Step> steps = new ArrayList<>();
    private final List<Done> done = new ArrayList<>();
    private final List<String> toForget = new ArrayList<>();
    private int forgotten;
    private final long began = System.currentTimeMillis();

    private record Step(long at, boolean begins, ChaosEvent event) {}

    /**
     * An event that has happened.
     *
     * @param event what the schedule said
     * @param at when the process was gone or stopped, in milliseconds since 1970
     */
    record Done(ChaosEvent event, long at) {}

    /** Begins now. */
    ChaosDirector(ProcessFleet fleet, ChaosSchedule schedule, TopicNames topics, PrintStream out) {
        this.fleet = fleet;
        this.schedule = schedule;
        this.topics = topics;
        this.out = out;
        for (ChaosEvent event : schedule.events()) {
            steps.add(new Step(event.at(), true, event));
            if (event.kind() != ChaosKind.RESTART) {
                steps.add(new Step(event.end(), false, event));
            }
        }
        steps.sort(Comparator.comparingLong(Step::at));
    }

    /** Milliseconds since the beginning. */
    long now() {
        return System.currentTimeMillis() - began;
    }

    /** Does what is due; returns false when nothing is left to do. */
    boolean tick() {
        while (!steps.isEmpty() && steps.get(0).at() <= now()) {
            Step step = steps.remove(0);
            if (step.begins()) {
                begin(step.event());
            } else {
                end(step.event());
            }
        }
        toForget.removeIf(this::forget);
        return !steps.isEmpty() || !toForget.isEmpty();
    }

    /** How often the offsets of a group were deleted. */
    int forgotten() {
        return forgotten;
    }

    /** What has happened so far. */
    List<Done> done() {
        return List.copyOf(done);
    }

    private void begin(ChaosEvent event) {
        switch (event.kind()) {
            case KILL, FORGET -> fleet.kill(event.target());
            case PAUSE -> fleet.pause(event.target());
            case RESTART -> fleet.restart(event.target());
        }
        done.add(new Done(event, System.currentTimeMillis()));
        out.printf(
                Locale.ROOT,
                "%7.1f s  %d/%d  %s%n",
                now() / 1000.0,
                done.size(),
                schedule.events().size(),
                event);
    }

    private void end(ChaosEvent event) {
        switch (event.kind()) {
            case KILL -> fleet.start(event.target());
            case FORGET -> toForget.add(event.target());
            case PAUSE, RESTART -> fleet.resume(event.target());
        }
    }

    /** Deletes the offsets of a service that is down, and starts it; true when nothing is left to do. */
    private boolean forget(String target) {
        if (fleet.running(target)) {
            return true; // a later event has started it
        }
        if (!GroupOffsets.delete(fleet.connection(), topics.group(target))) {
            return false;
        }
        forgotten++;
        fleet.start(target);
        return true;
    }
}
