package io.inkstream.trainer.training;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * What other threads ask of one thread, in order. Whoever asks gets an answer in every case: when the command was carried
 * out, when it failed, and when the mailbox was closed before.
 */
final class Mailbox {

    private final BlockingQueue<Command> commands = new LinkedBlockingQueue<>();

    /** Guarded by this object, so that no command slips in behind the last one that {@link #close} answers. */
    private boolean closed;

    /**
     * Asks for something.
     *
     * @return completed when it was done, or will never be as the mailbox is closed; completed exceptionally when it failed
     */
    synchronized CompletableFuture<Void> ask(Runnable command) {
        CompletableFuture<Void> answer = new CompletableFuture<>();
        if (closed) {
            answer.complete(null);
        } else {
            commands.add(new Command(command, answer));
        }
        return answer;
    }

    /** True when nobody asks for anything at the moment. */
    boolean isEmpty() {
        return commands.isEmpty();
    }

    /**
     * Carries out all that was asked for.
     *
     * @param waitMillis how long to wait for a first command
     * @throws RuntimeException that of a command that failed, after its answer
     */
    void carryOut(long waitMillis) throws InterruptedException {
        Command command = commands.poll(waitMillis, TimeUnit.MILLISECONDS);
        while (command != null) {
            command.carryOut();
            command = commands.poll();
        }
    }

    /** Answers everybody, those who ask later too, without carrying anything out. */
    synchronized void close() {
        closed = true;
        for (Command command = commands.poll(); command != null; command = commands.poll()) {
            command.answer().complete(null);
        }
    }

    private record Command(Runnable work, CompletableFuture<Void> answer) {

        void carryOut() {
            try {
                work.run();
                answer.complete(null);
            } catch (RuntimeException | Error e) {
                answer.completeExceptionally(e);
                throw e;
            }
        }
    }
}
