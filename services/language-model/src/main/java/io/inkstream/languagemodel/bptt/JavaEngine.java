package io.inkstream.languagemodel.bptt;

import io.inkstream.kernels.Kernels;
import io.inkstream.languagemodel.engine.Engine;
import io.inkstream.languagemodel.engine.EngineKind;
import io.inkstream.languagemodel.engine.TrainedNetwork;
import io.inkstream.languagemodel.network.NetworkState;
import io.inkstream.languagemodel.settings.OptimizerRule;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine in Java. It computes the same bits on every processor, with every JVM from 17 on and with any number of threads.
 */
public final class JavaEngine implements Engine {

    private static final Logger log = LoggerFactory.getLogger(JavaEngine.class);

    /** The matrices of most models are too small to be shared by more. */
    private static final int MAX_USEFUL_THREADS = 8;

    private final int threads;

    /**
     * An engine.
     *
     * @param threads CPU threads of a network; 0: as many as there are cores, at most {@value #MAX_USEFUL_THREADS}
     */
    public JavaEngine(int threads) {
        this.threads = threads > 0 ? threads : Math.min(Runtime.getRuntime().availableProcessors(), MAX_USEFUL_THREADS);
        Kernels.slowBecause().ifPresent(reason -> log.warn("Training is slow reason=\"{}\"", reason));
    }

    @Override
    public EngineKind kind() {
        return EngineKind.JAVA;
    }

    @Override
    public String device() {
        return "cpu";
    }

    @Override
    public int threads() {
        return 0;
    }

    @Override
    public int cpuThreads() {
        return threads;
    }

    /** Compiles the kernels. There is nothing to be gained where they compute with single numbers. */
    @Override
    public CompletableFuture<Void> warmUp() {
        return Kernels.slowBecause().isPresent() ? Engine.super.warmUp() : WarmUp.inBackground();
    }

    @Override
    public TrainedNetwork network(NetworkState state, OptimizerRule rule) {
        return newNetwork(state, rule);
    }

    /** A network, as {@link #network}. */
    BpttNetwork newNetwork(NetworkState state, OptimizerRule rule) {
        return new BpttNetwork(this, state, rule, threads);
    }
}
