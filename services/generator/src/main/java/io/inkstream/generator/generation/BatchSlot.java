package io.inkstream.generator.generation;

/** The slot of a task in the batch: for how many steps it has had it, and what it has reported. Used by the loop's thread only. */
final class BatchSlot {

    private final GenerationTask task;
    private int steps;
    private boolean begun;
    private boolean left;

    BatchSlot(GenerationTask task) {
        this.task = task;
        this.begun = task.generation().tokens() > 0;
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

    /** True once, when the task's first token was generated. */
    boolean begins() {
        if (begun || task.generation().tokens() == 0) {
            return false;
        }
        begun = true;
        return true;
    }

    /** Gives the slot up. */
    void leave() {
        left = true;
    }

    boolean hasLeft() {
        return left;
    }
}
