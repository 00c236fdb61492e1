package io.inkstream.generator.generation;

import io.inkstream.languagemodel.decoding.Decoder;
import io.inkstream.platform.lifecycle.Threads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Threads that generate, each with a batch of its own: none waits for another. What is generated for a task depends neither on
 * their number nor on which has it ({@link Decoder}).
 */
public final class GenerationLoops implements AutoCloseable {

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

    private final WaitingTasks waiting;
    private final List<GenerationLoop> loops = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    /**
     * Loops without tasks; they are not started yet.
     *
     * @param count number of threads, at least 1
     * @param maxBatch maximum number of tasks that a thread generates together
     * @param broken receives what ends a thread, which is a bug
     */
    public GenerationLoops(int count, int maxBatch, Consumer<Throwable> broken) {
        waiting = new WaitingTasks(count);
        for (int i = 1; i <= count; i++) {
            GenerationLoop loop = new GenerationLoop(maxBatch, waiting);
            Thread thread = new Thread(loop, "generator-loop-" + i);
            thread.setUncaughtExceptionHandler((of, e) -> broken.accept(e));
            loops.add(loop);
            threads.add(thread);
        }
    }

    /** Starts the threads. */
    public void start() {
        threads.forEach(Thread::start);
    }

    /** Adds a task; it joins a batch when there is a slot and it is its client's turn. */
    public void join(GenerationTask task) {
        waiting.add(task);
    }

    /** Number of tasks in all batches. */
    public int size() {
        return loops.stream().mapToInt(GenerationLoop::size).sum();
    }

    /** Ends the threads after their current step, for which it waits a limited time. Remaining tasks are not ended. */
    @Override
    public void close() {
        waiting.stop();
        threads.forEach(thread -> Threads.join(thread, CLOSE_TIMEOUT));
    }
}
