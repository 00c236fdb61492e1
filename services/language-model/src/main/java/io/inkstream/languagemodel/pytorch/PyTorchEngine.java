package io.inkstream.languagemodel.pytorch;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import io.inkstream.languagemodel.engine.Engine;
import io.inkstream.languagemodel.engine.EngineKind;
import io.inkstream.languagemodel.engine.EngineSettings;
import io.inkstream.languagemodel.engine.EngineUnavailableException;
import io.inkstream.languagemodel.engine.TrainedNetwork;
import io.inkstream.languagemodel.network.NetworkState;
import io.inkstream.languagemodel.settings.OptimizerRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * PyTorch on a CPU or a GPU. The last bits of its results depend on the kind of CPU and on the number of threads, so every
 * network is computed with the number that its engine was opened with.
 */
public final class PyTorchEngine implements Engine {

    private static final String NAME = "PyTorch";

    /** The thread count that was last set in PyTorch, for each thread. */
    private static final ThreadLocal<Integer> IN_USE = new ThreadLocal<>();

    /** More threads than this wait for each other on the small matrices of a recurrent step. */
    private static final int MAX_USEFUL_THREADS = 4;

    /** Linux has one of these files where NVIDIA's driver is loaded: the second is that of Windows' subsystem. */
    private static final List<Path> DRIVERS = List.of(Path.of("/dev/nvidiactl"), Path.of("/dev/dxg"));

    private final Device device;
    private final int threads;

    private PyTorchEngine(Device device, int threads) {
        this.device = device;
        this.threads = threads;
    }

    /**
     * Finds the device. Loads the native library, so the first call takes a second or two.
     *
     * @param choice which device to use
     * @param threads CPU threads per operation; 0: half the machine's cores, at most 4, which leaves
     *     room for a broker; when threads of an operation share a core, all wait for the slowest
     * @throws EngineUnavailableException if PyTorch cannot be loaded, or a GPU is requested and it finds none
     */
    public static PyTorchEngine open(EngineSettings.Device choice, int threads) {
        ai.djl.engine.Engine library = load();
        boolean gpu = choice != EngineSettings.Device.CPU && library.getGpuCount() > 0;
        if (choice == EngineSettings.Device.GPU && !gpu) {
            throw new EngineUnavailableException(
                    "PyTorch finds no GPU: use device cpu or auto, or install a CUDA build of PyTorch and the driver");
        }
        int chosen = threads > 0 ? threads : chosenThreads(Runtime.getRuntime().availableProcessors());
        return new PyTorchEngine(gpu ? Device.gpu() : Device.cpu(), chosen);
    }

    /** Whether PyTorch finds a GPU. Without a driver there is none, and the native library is not loaded to find out. */
    public static boolean findsGpu() {
        boolean linux = System.getProperty("os.name").startsWith("Linux");
        return (!linux || DRIVERS.stream().anyMatch(Files::exists)) && load().getGpuCount() > 0;
    }

    private static ai.djl.engine.Engine load() {
        System.setProperty("OPT_OUT_TRACKING", "true"); // otherwise DJL reports its use
        try {
            return ai.djl.engine.Engine.getEngine(NAME);
        } catch (EngineException | IllegalArgumentException | LinkageError e) {
            throw new EngineUnavailableException("PyTorch cannot be loaded (%s)".formatted(e), e);
        }
    }

    private static int chosenThreads(int cores) {
        return Math.max(1, Math.min(cores / 2, MAX_USEFUL_THREADS));
    }

    @Override
    public EngineKind kind() {
        return EngineKind.PYTORCH;
    }

    @Override
    public String device() {
        return device.isGpu()
                ? "cuda:" + device.getDeviceId()
                : device.getDeviceType().toLowerCase(Locale.ROOT);
    }

    @Override
    public int threads() {
        return threads;
    }

    @Override
    public TrainedNetwork network(NetworkState state, OptimizerRule rule) {
        return new PyTorchNetwork(this, rule, state);
    }

    /** The owner of a network's memory on the device. */
    NDManager newMemory() {
        return NDManager.newBaseManager(device, NAME);
    }

    /** Sets PyTorch's thread count for the calling thread, if it is different. */
    void useThreads() {
        if (!Integer.valueOf(threads).equals(IN_USE.get())) {
            JniUtils.setNumThreads(threads);
            IN_USE.set(threads);
        }
    }
}
