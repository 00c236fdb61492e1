package io.inkstream.embedded.broker;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import kafka.server.FaultHandlerFactory;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.server.fault.FaultHandler;
import org.apache.kafka.server.fault.LoggingFaultHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers the fault that broke a broker. Left to itself, Kafka halts the process: no other part of it could finish
 * what it is doing, and the user would be told nothing.
 */
final class FatalFaults implements FaultHandlerFactory, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(FatalFaults.class);
    private static final Set<FatalFaults> RUNNING = new CopyOnWriteArraySet<>();

    private final AtomicReference<Throwable> first = new AtomicReference<>();

    private FatalFaults() {}

    /** Begins to watch for faults, until it is closed. */
    static FatalFaults watch() {
        FatalFaults faults = new FatalFaults();
        RUNNING.add(faults);
        // Some of Kafka's threads do not ask a fault handler but end the process through here.
        Exit.setHaltProcedure((status, message) -> end(status, message, Runtime.getRuntime()::halt));
        Exit.setExitProcedure((status, message) -> end(status, message, Runtime.getRuntime()::exit));
        return faults;
    }

    /** The first fatal fault, if there was one. */
    Optional<Throwable> first() {
        return Optional.ofNullable(first.get());
    }

    @Override
    public FaultHandler build(String name, boolean fatal, Runnable action) {
        if (!fatal) {
            return new LoggingFaultHandler(name, action);
        }
        return (message, cause) -> {
            action.run();
            IllegalStateException fault = new IllegalStateException(name + ": " + message, cause);
            record(fault);
            return fault;
        };
    }

    @Override
    public void close() {
        RUNNING.remove(this);
    }

    private void record(Throwable fault) {
        if (first.compareAndSet(null, fault)) {
            log.atError().setCause(fault).log("Kafka broker broke down");
        }
    }

    /** One process, one way out: which of several brokers in it asked for it is unknown, so all are held broken. */
    private static void end(int status, String message, IntConsumer outright) {
        if (RUNNING.isEmpty()) {
            outright.accept(status);
            return;
        }
        IllegalStateException fault = new IllegalStateException(
                "Kafka asked to end the process with status %d: %s".formatted(status, message));
        RUNNING.forEach(faults -> faults.record(fault));
        throw fault;
    }
}
