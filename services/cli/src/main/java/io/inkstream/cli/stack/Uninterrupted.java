package io.inkstream.cli.stack;

import io.inkstream.platform.InkstreamException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** Runs a step in a thread of its own, so that an interruption of the caller takes effect only after it. */
final class Uninterrupted {

    private Uninterrupted() {}

    /**
     * Runs the step to its end.
     *
     * @throws InterruptedException after the end, if the calling thread was interrupted meanwhile
     */
    static void run(String thread, Runnable step) throws InterruptedException {
        FutureTask<Void> task = new FutureTask<>(step, null);
        new Thread(task, thread).start();
        boolean interrupted = Thread.interrupted();
        while (true) {
            try {
                task.get();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            } catch (ExecutionException e) {
                throw failure(e.getCause());
            }
        }
        if (interrupted) {
            throw new InterruptedException("interrupted while starting");
        }
    }

    private static RuntimeException failure(@Nullable Throwable cause) {
        return cause instanceof RuntimeException exception
                ? exception
                : new InkstreamException("The embedded stack cannot start: %s".formatted(cause), cause);
    }
}
