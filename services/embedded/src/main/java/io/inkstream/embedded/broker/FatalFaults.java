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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records the fault that stops a broker. By itself, Kafka halts the process: no other part of it could finish
 * its work, and the user would see no message.
 */
final class FatalFaults implements FaultHandlerFactory, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(FatalFaults.class);
    private static final Set<FatalFaults> RUNNING = new CopyOnWriteArraySet<>();

    private final AtomicReference<Throwable> first = new AtomicReference<>();

    private FatalFaults() {}

    /** Watches for faults until it is closed. */
    static FatalFaults watch() {
        FatalFaults faults = new FatalFaults();
        RUNNING.add(faults);
        // Some of Kafka's threads end the process here, without a fault handler.
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
            log.atError().addKeyValue("error", fault.toString()).setCause(fault).log("Kafka broker failed");
        }
    }

    /** The exit is the process's own: which of several brokers asked for it is unknown, so all count as failed. */
    private static void end(int status, @Nullable String message, IntConsumer outright) {
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
