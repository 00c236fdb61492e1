package io.inkstream.launcher.commandline;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C and SIGTERM: the thread of the command is interrupted, and gets time to release its resources before the process
 * ends. The exit code is the virtual machine's: 128 and the signal's number.
 */
public final class Interruption {

    private static final long TIMEOUT_SECONDS = 45;

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

    /** True once the process has been asked to stop. */
    public static boolean isAsked() {
        return asked;
    }

    /** Called when the command has released its resources. */
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
            if (!ended.await(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("inkstream: Stopping took longer than 45 s: exiting without waiting any longer.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
