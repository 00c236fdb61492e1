package io.inkstream.generator.generation;

import org.jspecify.annotations.Nullable;

/** The tasks that wait for a slot in the batch of one of the loops. Safe for use by several threads. */
final class WaitingTasks {

    private final FairQueue queue = new FairQueue();
    private final int loops;
    private boolean stopping;

    /**
     * No tasks.
     *
     * @param loops number of loops that take them, at least 1
     */
    WaitingTasks(int loops) {
        this.loops = loops;
    }

    /** Adds a task, for a loop that waits. */
    synchronized void add(GenerationTask task) {
        queue.add(task);
        notify();
    }

    /** Number of tasks that a loop should take now, so that they are spread over all. */
    synchronized int share() {
        return (queue.size() + loops - 1) / loops;
    }

    /** Takes the next task; null: there is none. */
    @Nullable
    synchronized GenerationTask poll() {
        return queue.size() == 0 ? null : queue.next();
    }

    /** Waits until there is a task; false when the loops are to end. */
    synchronized boolean await() {
        while (!stopping && queue.size() == 0) {
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return !stopping;
    }

    synchronized boolean isStopping() {
        return stopping;
    }

    /** Ends the loops. */
    synchronized void stop() {
        stopping = true;
        notifyAll();
    }
}
