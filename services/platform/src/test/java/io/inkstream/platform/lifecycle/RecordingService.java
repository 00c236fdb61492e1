package io.inkstream.platform.lifecycle;

import io.inkstream.platform.InkstreamException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** A service with a thread of its own, which tells what happens to it. */
final class RecordingService implements Service {

    private final String name;
    private final Consumer<String> journal;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final AtomicReference<Health> health = new AtomicReference<>(Health.waiting("not started"));
    private Thread worker;

    RecordingService(String name, Consumer<String> journal) {
        this.name = name;
        this.journal = journal;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void start() {
        worker = new Thread(
                () -> {
                    try {
                        stop.await();
                        journal.accept(name + " worked to its end");
                    } catch (InterruptedException e) {
                        health.set(Health.down("interrupted"));
                    }
                },
                name);
        worker.start();
        health.set(Health.up("at work"));
        journal.accept(name + " started");
    }

    void breakDown(String why) {
        health.set(Health.down(why));
    }

    @Override
    public Health health() {
        return health.get();
    }

    @Override
    public void close() {
        stop.countDown();
        if (worker != null) {
            try {
                worker.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InkstreamException("Interrupted while closing.", e);
            }
        }
        health.set(Health.waiting("stopped"));
        journal.accept(name + " closed");
    }
}
