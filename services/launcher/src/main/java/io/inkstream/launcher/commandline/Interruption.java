package io.inkstream.launcher.commandline;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C and SIGTERM: the thread of the command is interrupted, and gets time to let go of what it holds before the process
 * ends. The exit code is the virtual machine's: 128 and the signal's number.
 */
public final class Interruption {

    private static final long PATIENCE_SECONDS = 45;

    /** A signal is for the whole process. */
    private static volatile boolean asked;

    private final CountDownLatch ended = new CountDownLatch(1);

    private Interruption() {}

    /** Watches for signals, for the calling thread. */
    static Interruption ofThisThread() {
        Interruption interruption = new Interruption();
        Thread command = Thread.currentThread();
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> interruption.interrupt(command), "inkstream-interruption"));
        return interruption;
    }

    /** True once the process was told to end. */
    public static boolean isAsked() {
        return asked;
    }

    /** Says that the command holds nothing any more. */
    void commandEnded() {
        ended.countDown();
    }

    private void interrupt(Thread command) {
        if (ended.getCount() == 0) {
            return; // an ordinary end
        }
        asked = true;
        command.interrupt();
        try {
            if (!ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("inkstream: Stopping takes too long; leaving things as they are.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
