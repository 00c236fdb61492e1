package io.inkstream.generator.generation;

import io.inkstream.languagemodel.decoding.Decoder;
import io.inkstream.languagemodel.decoding.Generation;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
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
final class GenerationLoop implements Runnable {

    /** Steps after which a task is preempted when others wait. */
    static final int TIME_SLICE = 64;

    private static final Logger log = LoggerFactory.getLogger(GenerationLoop.class);

    private final int maxBatch;
    private final WaitingTasks waiting;
    /** The oldest slots come first. */
    private final List<BatchSlot> batch = new ArrayList<>();
    /** The decoders of a step, the slots of one of them, and their generations. */
    private final List<Decoder> decoders = new ArrayList<>();

    private final List<BatchSlot> slots = new ArrayList<>();
    private final List<Generation> reading = new ArrayList<>();
    private final List<Generation> generations = new ArrayList<>();

    private volatile int size;

    /**
     * A loop without tasks.
     *
     * @param maxBatch maximum number of tasks in the batch
     * @param waiting where its tasks come from
     */
    GenerationLoop(int maxBatch, WaitingTasks waiting) {
        this.maxBatch = maxBatch;
        this.waiting = waiting;
    }

    /** Number of tasks in the batch. */
    int size() {
        return size;
    }

    /** Steps while there are tasks, and waits while there are none. */
    @Override
    public void run() {
        while (batch.isEmpty() ? waiting.await() : !waiting.isStopping()) {
            step();
        }
    }

    /** Admits waiting tasks, computes one step for each task, and removes those that have ended. */
    void step() {
        admit();
        int slice = tokensToRead();
        for (BatchSlot slot : batch) {
            slot.stepped();
            Decoder decoder = slot.task().generation().decoder();
            if (!decoders.contains(decoder)) {
                decoders.add(decoder);
            }
        }
        for (Decoder decoder : decoders) {
            step(decoder, slice);
        }
        decoders.clear();
        batch.removeIf(BatchSlot::hasLeft);
        size = batch.size();
    }

    /** For each task that is still reading: they share the time that a full batch would need in addition. */
    private int tokensToRead() {
        int readers = 0;
        for (BatchSlot slot : batch) {
            readers += slot.task().generation().isReading() ? 1 : 0;
        }
        return readers == 0 ? 0 : (maxBatch - (batch.size() - readers)) / readers;
    }

    private void step(Decoder decoder, int slice) {
        for (BatchSlot slot : batch) {
            Generation generation = slot.task().generation();
            if (generation.decoder() == decoder) {
                slots.add(slot);
                (generation.isReading() ? reading : generations).add(generation);
            }
        }
        generations.addAll(reading);
        Optional<RuntimeException> failure = compute(decoder, slice);
        for (BatchSlot slot : slots) {
            failure.ifPresentOrElse(e -> fail(slot, e), () -> report(slot));
        }
        slots.clear();
        reading.clear();
        generations.clear();
    }

    private Optional<RuntimeException> compute(Decoder decoder, int slice) {
        try {
            decoder.read(reading, slice - 1);
            decoder.step(generations);
            return Optional.empty();
        } catch (RuntimeException e) {
            log.atError().addKeyValue("requests", slots.size()).setCause(e).log("Generation failed");
            return Optional.of(e);
        }
    }

    private static void fail(BatchSlot slot, RuntimeException failure) {
        slot.leave();
        slot.task().failed(failure);
    }

    private static void report(BatchSlot slot) {
        GenerationTask task = slot.task();
        if (slot.begins()) {
            task.begun();
        }
        if (task.generation().state().isRunning()) {
            return;
        }
        slot.leave();
        try {
            task.ended();
        } catch (RuntimeException e) {
            log.atError().setCause(e).log("Answer could not be created");
            task.failed(e);
        }
    }

    private void admit() {
        batch.removeIf(slot -> !slot.task().isPending());
        int share = waiting.share();
        preempt(share - (maxBatch - batch.size()));
        int wanted = Math.min(maxBatch, batch.size() + share);
        GenerationTask next = null;
        while (batch.size() < wanted && (next = waiting.poll()) != null) {
            if (next.isPending()) {
                batch.add(new BatchSlot(next));
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
}
