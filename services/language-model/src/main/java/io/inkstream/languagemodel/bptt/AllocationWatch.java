package io.inkstream.languagemodel.bptt;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices when the JVM computes with vectors as objects on the heap. The compiler may fail to keep them in registers, for the
 * life of the process; training is then right, but at a twentieth of its speed. A step allocates next to nothing otherwise.
 */
final class AllocationWatch {

    private static final Logger log = LoggerFactory.getLogger(AllocationWatch.class);

    /** The compiler is done with most loops by then. */
    private static final Duration WARM_UP = Duration.ofSeconds(20);

    static final int STEPS_BETWEEN_CHECKS = 16;

    /** A step's records take a ten-thousandth of this. */
    static final long MAX_BYTES_PER_STEP = 4L << 20;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final LongSupplier allocated;
    private final long warmUpNanos;
    private final long start = System.nanoTime();
    private int steps;
    private long before = -1;
    private boolean collapsed;

    /** A watch over the calling thread, which begins when the compiler has had its time. */
    AllocationWatch() {
        this(THREADS::getCurrentThreadAllocatedBytes, WARM_UP);
    }

    /**
     * A watch.
     *
     * @param allocated the bytes that the thread has allocated so far
     * @param warmUp how long it does not look
     */
    AllocationWatch(LongSupplier allocated, Duration warmUp) {
        this.allocated = allocated;
        this.warmUpNanos = warmUp.toNanos();
    }

    /** True when vectors were found on the heap. */
    boolean isCollapsed() {
        return collapsed;
    }

    /** Called by the training thread after each step. */
    void stepped() {
        steps++;
        if (steps % STEPS_BETWEEN_CHECKS != 0 || collapsed || System.nanoTime() - start < warmUpNanos) {
            return;
        }
        long now = allocated.getAsLong();
        if (before >= 0 && now - before > MAX_BYTES_PER_STEP * STEPS_BETWEEN_CHECKS) {
            collapsed = true;
            log.warn(
                    "Training is slow reason=\"this JVM keeps vectors on the heap instead of in registers: restart the"
                            + " trainer, which resumes where it is\" bytesPerStep=\"{}\"",
                    (now - before) / STEPS_BETWEEN_CHECKS);
        }
        before = now;
    }
}
