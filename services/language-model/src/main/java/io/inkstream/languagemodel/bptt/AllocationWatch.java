package io.inkstream.languagemodel.bptt;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices when the JVM computes with vectors as objects on the heap. The compiler may fail to keep them in registers, for the
 * life of the process; training is then right, but at a twentieth of its speed. A step allocates next to nothing otherwise.
 */
final class AllocationWatch {

    private static final Logger log = LoggerFactory.getLogger(AllocationWatch.class);

    /** The compiler is done with most loops by then. */
    private static final long WARM_UP_NANOS = 20_000_000_000L;

    private static final int STEPS_BETWEEN_CHECKS = 16;

    /** A minibatch's tokens and some records take a hundredth of this. */
    private static final long MAX_BYTES_PER_STEP = 4L << 20;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final long start = System.nanoTime();
    private int steps;
    private long before = -1;
    private boolean reported;

    /** Called by the training thread after each step. */
    void stepped() {
        steps++;
        if (steps % STEPS_BETWEEN_CHECKS != 0 || reported || System.nanoTime() - start < WARM_UP_NANOS) {
            return;
        }
        long now = threads.getCurrentThreadAllocatedBytes();
        if (before >= 0 && now - before > MAX_BYTES_PER_STEP * STEPS_BETWEEN_CHECKS) {
            reported = true;
            log.warn(
                    "Training is slow reason=\"this JVM keeps vectors on the heap instead of in registers: restart the"
                            + " trainer, which resumes where it is\" bytesPerStep=\"{}\"",
                    (now - before) / STEPS_BETWEEN_CHECKS);
        }
        before = now;
    }
}
