package io.inkstream.generator.generation;

import io.inkstream.languagemodel.decoding.Decoder;
import io.inkstream.languagemodel.decoding.DecodingThreads;
import io.inkstream.languagemodel.decoding.Generation;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Continuous batching: at every step, tasks that have ended leave the batch and waiting ones join, and each task in the batch
 * gets one more token, or, while its prefix is still being read, as many tokens of the prefix as keep the step no longer than
 * that of a full batch. Tasks of different models share the batch and are computed model by model. The result of a task
 * does not depend on the others: see {@link Decoder}.
 *
 * <p>When more tasks wait than there are slots, clients are served round-robin ({@link FairQueue}), and a task that has had
 * its slot for {@value #TIME_SLICE} steps is preempted: it keeps its progress and waits for its client's next turn.
 */
public final class GenerationLoop implements Runnable {

    /** Steps after which a task is preempted when others wait. */
    static final int TIME_SLICE = 64;

    private static final Logger log = LoggerFactory.getLogger(GenerationLoop.class);

    private final int maxBatch;
    private final DecodingThreads threads;
    private final FairQueue waiting = new FairQueue();
    /** Used by the loop's thread only; the oldest slots come first. */
    private final List<BatchSlot> batch = new ArrayList<>();

    private volatile int size;
    private boolean stopping;

    /**
     * A loop without tasks.
     *
     * @param maxBatch maximum number of tasks in the batch
     * @param threads share the batch; owned by the caller
     */
    public GenerationLoop(int maxBatch, DecodingThreads threads) {
        this.maxBatch = maxBatch;
        this.threads = threads;
    }

    /** Adds a task; it joins when there is a slot and it is its client's turn. */
    public void join(GenerationTask task) {
        synchronized (waiting) {
            waiting.add(task);
            waiting.notifyAll();
        }
    }

    /** Number of tasks in the batch. */
    public int size() {
        return size;
    }

    /** Makes {@link #run} return after the current step. Remaining tasks are not ended. */
    public void stop() {
        synchronized (waiting) {
            stopping = true;
            waiting.notifyAll();
        }
    }

    /** Steps while there are tasks, and waits while there are none, until {@link #stop}. */
    @Override
    public void run() {
        while (awaitWork()) {
            step();
        }
    }

    /** Admits waiting tasks, computes one step for each task, and removes those that have ended. */
    void step() {
        admit();
        int slice = tokensToRead();
        Map<Decoder, List<GenerationTask>> byModel = new LinkedHashMap<>();
        for (BatchSlot slot : batch) {
            slot.stepped();
            GenerationTask task = slot.task();
            byModel.computeIfAbsent(task.generation().decoder(), decoder -> new ArrayList<>())
                    .add(task);
        }
        byModel.forEach((decoder, tasks) -> step(decoder, tasks, slice));
        size = batch.size();
    }

    /** For each task that is still reading: they share the time that a full batch would need in addition. */
    private int tokensToRead() {
        int reading = (int) batch.stream()
                .filter(slot -> slot.task().generation().isReading())
                .count();
        return reading == 0 ? 0 : (maxBatch - (batch.size() - reading)) / reading;
    }

    private void step(Decoder decoder, List<GenerationTask> tasks, int slice) {
        List<Generation> reading = new ArrayList<>();
        List<Generation> generating = new ArrayList<>();
        List<GenerationTask> beginning = new ArrayList<>();
        for (GenerationTask task : tasks) {
            (task.generation().isReading() ? reading : generating).add(task.generation());
            if (task.generation().tokens() == 0) {
                beginning.add(task);
            }
        }
        try {
            threads.read(decoder, reading, slice);
            threads.step(decoder, generating);
        } catch (RuntimeException e) {
            log.atError().addKeyValue("requests", tasks.size()).setCause(e).log("Generation failed");
            tasks.forEach(this::leave);
            tasks.forEach(task -> task.failed(e));
            return;
        }
        beginning.stream().filter(task -> task.generation().tokens() > 0).forEach(GenerationTask::begun);
        for (GenerationTask task : tasks) {
            if (!task.generation().state().isRunning()) {
                leave(task);
                end(task);
            }
        }
    }

    private void leave(GenerationTask task) {
        batch.removeIf(slot -> slot.task() == task);
    }

    private static void end(GenerationTask task) {
        try {
            task.ended();
        } catch (RuntimeException e) {
            log.atError().setCause(e).log("Answer could not be created");
            task.failed(e);
        }
    }

    private void admit() {
        batch.removeIf(slot -> !slot.task().isPending());
        synchronized (waiting) {
            preempt(waiting.size() - (maxBatch - batch.size()));
            while (batch.size() < maxBatch && waiting.size() > 0) {
                GenerationTask next = waiting.next();
                if (next.isPending()) {
                    batch.add(new BatchSlot(next));
                }
            }
        }
        size = batch.size();
    }

    /** Makes this number of tasks wait again, or as many as have used their time slice. */
    private void preempt(int count) {
        int left = count;
        Iterator<BatchSlot> slots = batch.iterator();
        while (left > 0 && slots.hasNext()) {
            BatchSlot slot = slots.next();
            if (slot.steps() >= TIME_SLICE) {
                slots.remove();
                waiting.add(slot.task());
                left--;
            }
        }
    }

    private boolean awaitWork() {
        synchronized (waiting) {
            while (!stopping && batch.isEmpty() && waiting.size() == 0) {
                try {
                    waiting.wait();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
            return !stopping;
        }
    }
}
