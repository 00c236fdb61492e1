package io.inkstream.trainer.training;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Commands from other threads that one thread executes in order. Every command completes: normally once it was executed, or
 * when the mailbox is closed first; exceptionally if it failed. A signal carries no command and only ends a wait.
 *
 * <p>Everything here is guarded by the mailbox's monitor, so that no command slips in behind the last one that {@link
 * #close} completes, and no signal is missed by a thread that is about to wait.
 */
final class Mailbox {

    private final Queue<Command> commands = new ArrayDeque<>();
    private boolean signalled;
    private boolean closed;

    /**
     * Submits a command.
     *
     * @return completed once it was executed, or will never be as the mailbox is closed; completed exceptionally if it failed
     */
    synchronized CompletableFuture<Void> submit(Runnable work) {
        CompletableFuture<Void> reply = new CompletableFuture<>();
        if (closed) {
            reply.complete(null);
        } else {
            commands.add(new Command(work, reply));
            notifyAll();
        }
        return reply;
    }

    /** Ends the present wait or, if there is none, prevents the next one. */
    synchronized void signal() {
        signalled = true;
        notifyAll();
    }

    /** True when no command is pending. */
    synchronized boolean isEmpty() {
        return commands.isEmpty();
    }

    /**
     * Executes all pending commands.
     *
     * @param waitMillis how long to wait for a first command or a signal
     * @throws RuntimeException that of a command that failed, after its reply was completed
     */
    void execute(long waitMillis) throws InterruptedException {
        await(waitMillis);
        for (Command command = next(); command != null; command = next()) {
            command.execute();
        }
    }

    /** Completes all pending commands, and all that are submitted later, without executing them. */
    synchronized void close() {
        closed = true;
        for (Command command = commands.poll(); command != null; command = commands.poll()) {
            command.reply().complete(null);
        }
        notifyAll();
    }

    private synchronized void await(long waitMillis) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMillis);
        long left = deadline - System.nanoTime();
        while (commands.isEmpty() && !signalled && !closed && left > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
            left = deadline - System.nanoTime();
        }
        signalled = false;
    }

    private synchronized @Nullable Command next() {
        return commands.poll();
    }

    private record Command(Runnable work, CompletableFuture<Void> reply) {

        void execute() {
            try {
                work.run();
                reply.complete(null);
            } catch (RuntimeException | Error e) {
                reply.completeExceptionally(e);
                throw e;
            }
        }
    }
}
