package io.inkstream.languagemodel.bptt;

import io.inkstream.kernels.Kernels;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Threads that share the units of a computation: the one that calls and some of its own. Each takes the units of its own
 * range first, so that their data stay in its cache from one computation to the next, and then those of others. Which
 * thread computes a unit makes no difference to its result.
 *
 * <p>Computations follow each other within microseconds, so a thread that waits spins for some, and then parks: the cores
 * are shared with a broker. Used by one thread.
 */
final class Workers implements AutoCloseable {

    /** About 20 µs. */
    private static final int SPINS = 1000;

    /** Elements from one range's counter to the next, so that they are in different cache lines. */
    private static final int STRIDE = 16;

    /** Computes one unit. */
    interface Task {

        /**
         * Computes a unit.
         *
         * @param kernels of the thread that computes it
         * @param unit its number, from 0
         */
        void compute(Kernels kernels, int unit);
    }

    private final Worker[] workers;
    private final Thread[] threads;
    private final AtomicIntegerArray next;
    private final AtomicInteger busy = new AtomicInteger();
    private final AtomicInteger round = new AtomicInteger();
    private volatile boolean closed;
    private volatile @Nullable Thread waiting;
    private volatile @Nullable Throwable failure;
    private @Nullable Task task;
    private int units;

    /**
     * Starts threads.
     *
     * @param name of the threads, before their number
     * @param count how many compute, the calling thread included; at least 1
     */
    Workers(String name, int count) {
        next = new AtomicIntegerArray(count * STRIDE);
        workers = new Worker[count];
        threads = new Thread[count - 1];
        for (int i = 0; i < count; i++) {
            workers[i] = new Worker(i);
        }
        for (int i = 1; i < count; i++) {
            threads[i - 1] = new Thread(workers[i], name + "-" + i);
            threads[i - 1].setDaemon(true);
            threads[i - 1].start();
        }
    }

    /** How many threads compute. */
    int count() {
        return workers.length;
    }

    /**
     * Computes units 0 to {@code units - 1} of a task, and returns when all are done.
     *
     * @throws IllegalStateException if a unit threw something, which is the cause; the calling thread's own is thrown as it is
     */
    void compute(int newUnits, Task newTask) {
        failure = null;
        task = newTask;
        units = newUnits;
        for (int i = 0; i < workers.length; i++) {
            next.set(i * STRIDE, start(i));
        }
        busy.set(threads.length);
        round.incrementAndGet(); // a volatile write: publishes the above
        for (int i = 1; i < workers.length; i++) {
            if (workers[i].parked) {
                LockSupport.unpark(threads[i - 1]);
            }
        }
        try {
            workers[0].computeUnits();
        } finally {
            awaitOthers();
        }
        Throwable failed = failure;
        if (failed != null) {
            throw new IllegalStateException("A thread has failed", failed);
        }
    }

    /** Ends the threads. */
    @Override
    public void close() {
        closed = true;
        for (Thread thread : threads) {
            LockSupport.unpark(thread);
        }
    }

    /** First unit of a range; the end of the one before it. */
    private int start(int range) {
        return (int) ((long) units * range / workers.length);
    }

    private void awaitOthers() {
        int spins = 0;
        while (busy.get() > 0) {
            if (++spins < SPINS) {
                Thread.onSpinWait();
            } else {
                waiting = Thread.currentThread();
                if (busy.get() > 0) {
                    LockSupport.park(this);
                }
                waiting = null;
            }
        }
    }

    /** One of the threads. */
    private final class Worker implements Runnable {

        private final int range;
        private final Kernels kernels = Kernels.ofThisProcessor();
        private volatile boolean parked;

        Worker(int range) {
            this.range = range;
        }

        @Override
        public void run() {
            for (int done = 0; awaitRound(done); done++) {
                try {
                    computeUnits();
                } catch (Throwable e) { // the calling thread reports it
                    failure = e;
                }
                if (busy.decrementAndGet() == 0) {
                    Thread caller = waiting;
                    if (caller != null) {
                        LockSupport.unpark(caller);
                    }
                }
            }
        }

        /** Waits for the round after this one; false when there will be none. */
        private boolean awaitRound(int done) {
            int spins = 0;
            while (round.get() == done) {
                if (closed) {
                    return false;
                }
                if (++spins < SPINS) {
                    Thread.onSpinWait();
                } else {
                    parked = true;
                    if (round.get() == done && !closed) {
                        LockSupport.park(Workers.this);
                    }
                    parked = false;
                }
            }
            return true;
        }

        /** Computes what is left of the own range, then of the others. */
        void computeUnits() {
            Task current = task;
            if (current == null) {
                return;
            }
            for (int i = 0; i < workers.length; i++) {
                int other = (range + i) % workers.length;
                int end = start(other + 1);
                for (int unit = next.getAndIncrement(other * STRIDE);
                        unit < end;
                        unit = next.getAndIncrement(other * STRIDE)) {
                    current.compute(kernels, unit);
                }
            }
        }
    }
}
