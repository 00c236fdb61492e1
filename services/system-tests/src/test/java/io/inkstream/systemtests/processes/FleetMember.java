package io.inkstream.systemtests.processes;

import io.inkstream.systemtests.InkstreamProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** A process of the fleet, and its successors under the same name. Used by one thread. */
final class FleetMember implements AutoCloseable {

    private static final long BEFORE_STARTING_AGAIN = 1_000;
    private static final long LONGEST_STOP = 45_000;

    private final String name;
    private final int port;
    private final Supplier<InkstreamProcess> launch;
    private final List<InkstreamProcess> processes = new ArrayList<>();
    private State state = State.DOWN;
    private long since;
    private int endedByItself;

    /** What is meant to become of it; a process can end by itself meanwhile. */
    private enum State {
        RUNNING,
        PAUSED,
        STOPPING,
        ENDED,
        DOWN
    }

    /**
     * A member that is not started yet.
     *
     * @param port where it tells its health, or 0
     */
    FleetMember(String name, int port, Supplier<InkstreamProcess> launch) {
        this.name = name;
        this.port = port;
        this.launch = launch;
    }

    String name() {
        return name;
    }

    int port() {
        return port;
    }

    void start() {
        if (state == State.DOWN || state == State.ENDED) {
            processes.add(launch.get());
            state = State.RUNNING;
        }
    }

    void kill() {
        current().kill();
        state = State.DOWN;
    }

    void pause() {
        if (current().alive()) {
            current().pause();
            state = State.PAUSED;
        }
    }

    void resume() {
        if (state == State.PAUSED) {
            current().resume();
            state = State.RUNNING;
        }
    }

    /** Sends SIGTERM; {@link #supervise} starts it again when it has ended. */
    void restart() {
        current().ask();
        state = State.STOPPING;
        since = System.currentTimeMillis();
    }

    /** Sends SIGTERM and waits for the end. */
    int terminate() {
        int code = current().terminate();
        state = State.DOWN;
        return code;
    }

    /** Restarts it after it has ended, as a service manager would. */
    void supervise() {
        long now = System.currentTimeMillis();
        switch (state) {
            case RUNNING -> {
                if (!current().alive()) {
                    endedByItself++;
                    state = State.ENDED;
                    since = now;
                }
            }
            case ENDED -> {
                if (now - since >= BEFORE_STARTING_AGAIN) {
                    start();
                }
            }
            case STOPPING -> {
                if (!current().alive()) {
                    state = State.DOWN;
                    start();
                } else if (now - since >= LONGEST_STOP) {
                    throw new IllegalStateException("%s did not end within %d s of SIGTERM: %s"
                            .formatted(name, LONGEST_STOP / 1000, current().errors()));
                }
            }
            case PAUSED, DOWN -> {
                // meant to be so
            }
        }
    }

    boolean running() {
        return state == State.RUNNING && current().alive();
    }

    int endedByItself() {
        return endedByItself;
    }

    /** The process that runs, or ran last. */
    InkstreamProcess current() {
        if (processes.isEmpty()) {
            throw new IllegalStateException(name + " was never started");
        }
        return processes.get(processes.size() - 1);
    }

    /** The logs of all processes of this name, one after the other. */
    String logs() {
        StringBuilder logs = new StringBuilder();
        processes.forEach(process -> logs.append(process.errors()));
        return logs.toString();
    }

    /** Kills it: it is no longer needed. */
    @Override
    public void close() {
        state = State.DOWN;
        processes.forEach(InkstreamProcess::kill);
    }
}
