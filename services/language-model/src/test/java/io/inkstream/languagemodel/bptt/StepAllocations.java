package io.inkstream.languagemodel.bptt;

import com.sun.management.ThreadMXBean;
import io.inkstream.languagemodel.network.Cell;
import io.inkstream.languagemodel.network.Initialization;
import io.inkstream.languagemodel.network.ModelShape;
import io.inkstream.languagemodel.network.NetworkState;
import io.inkstream.languagemodel.sampling.Minibatch;
import io.inkstream.languagemodel.settings.OptimizerRule;
import io.inkstream.languagemodel.settings.OptimizerSettings;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;

/** Trains a small network and prints how many bytes a step allocates, and what {@link AllocationWatch} makes of it. */
public final class StepAllocations {

    private static final int STEPS = 8 * AllocationWatch.STEPS_BETWEEN_CHECKS;

    private StepAllocations() {}

    /** Prints the bytes of a step, averaged over the second half, and whether vectors are on the heap. */
    public static void main(String[] args) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        ModelShape shape = new ModelShape(Cell.GRU, 1, 64, 0, 28);
        List<Minibatch> windows = List.of(Minibatch.empty(8, 8));
        OptimizerSettings settings = new OptimizerSettings(OptimizerRule.SGD, 1, 1);
        AllocationWatch watch = new AllocationWatch(threads::getCurrentThreadAllocatedBytes, Duration.ZERO);
        long before = 0;
        try (BpttNetwork network = new JavaEngine(1)
                .newNetwork(NetworkState.initial(shape, Initialization.PYTORCH, 1), OptimizerRule.SGD)) {
            for (int step = 1; step <= STEPS; step++) {
                if (step == STEPS / 2 + 1) {
                    before = threads.getCurrentThreadAllocatedBytes();
                }
                network.step(windows, true, settings, step);
                watch.stepped();
            }
        }
        long bytes = threads.getCurrentThreadAllocatedBytes() - before;
        System.out.println(2 * bytes / STEPS + " " + watch.isCollapsed());
    }
}
