package io.inkstream.languagemodel.engine;

import io.inkstream.languagemodel.network.NetworkState;
import io.inkstream.languagemodel.settings.OptimizerRule;
import java.util.concurrent.CompletableFuture;

/** Trains and evaluates networks on one device. */
public interface Engine {

    /** Which one it is. */
    EngineKind kind();

    /** The device's name for manifests and reports: {@code cpu}, {@code cuda:0}, … */
    String device();

    /** CPU threads per operation, if the last bits depend on their number; 0 if they do not. */
    int threads();

    /** CPU threads that it computes with. */
    default int cpuThreads() {
        return threads();
    }

    /**
     * Begins, in the background, what would slow down the first steps of the first network. Networks can be trained meanwhile.
     *
     * @return completed when it is done, once for all engines of this kind
     */
    default CompletableFuture<Void> warmUp() {
        return CompletableFuture.completedFuture(null);
    }

    /**
     * Copies a network to the device.
     *
     * @param state everything that is carried from step to step
     * @param rule the update rule
     */
    TrainedNetwork network(NetworkState state, OptimizerRule rule);
}
