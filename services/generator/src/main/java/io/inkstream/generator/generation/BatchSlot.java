package io.inkstream.generator.generation;

/** The slot of a task in the batch, and for how many steps it has had it. Used by the loop's thread only. */
final class BatchSlot {

    private final GenerationTask task;
    private int steps;

    BatchSlot(GenerationTask task) {
        this.task = task;
    }

    GenerationTask task() {
        return task;
    }

    /** Counts a step. */
    void stepped() {
        steps++;
    }

    int steps() {
        return steps;
    }
}
