package io.inkstream.languagemodel.training;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import java.util.Locale;

/**
 * The device that a network is trained on.
 *
 * @param device in DJL
 * @param threads CPU threads per operation, for a new model
 * @param pinned true: this number of threads was configured, and every model uses it from its next epoch on; false: it is
 *     the default for this machine, and a model that is resumed keeps the number that it was trained with
 */
public record ComputeDevice(Device device, int threads, boolean pinned) {

    private static final String ENGINE = "PyTorch";

    /** The thread count that was last set in PyTorch, for each thread. */
    private static final ThreadLocal<Integer> IN_USE = new ThreadLocal<>();

    /** More threads than this wait for each other on the small matrices of a recurrent step. */
    private static final int MAX_USEFUL_THREADS = 4;

    /** Which device to use. */
    public enum Choice {
        /** A GPU if there is one, else the CPU. */
        AUTO,
        CPU,
        GPU
    }

    /**
     * Finds the device and prepares PyTorch for it. Loads the native library, so the first call takes a second or two.
     *
     * @param choice which device to use
     * @param threads CPU threads per operation; 0: half the machine's cores, at most 4, which leaves
     *     room for a broker; when threads of an operation share a core, all wait for the slowest
     * @throws IllegalArgumentException if a GPU is requested and PyTorch finds none
     */
    public static ComputeDevice open(Choice choice, int threads) {
        System.setProperty("OPT_OUT_TRACKING", "true"); // otherwise DJL reports its use
        Engine engine = Engine.getEngine(ENGINE);
        if (choice == Choice.GPU && engine.getGpuCount() == 0) {
            throw new IllegalArgumentException(
                    "PyTorch finds no GPU: use device cpu or auto, or install a CUDA build of PyTorch and the driver.");
        }
        boolean gpu = choice != Choice.CPU && engine.getGpuCount() > 0;
        int chosen = threads > 0 ? threads : chosenThreads(Runtime.getRuntime().availableProcessors());
        return new ComputeDevice(gpu ? Device.gpu() : Device.cpu(), chosen, threads > 0);
    }

    private static int chosenThreads(int cores) {
        return Math.max(1, Math.min(cores / 2, MAX_USEFUL_THREADS));
    }

    /** Sets PyTorch's thread count for the calling thread; every thread that trains must call it. */
    public void prepareThread() {
        useThreads(threads);
    }

    /** Sets PyTorch's thread count for the calling thread, if it is different. */
    static void useThreads(int count) {
        if (!Integer.valueOf(count).equals(IN_USE.get())) {
            JniUtils.setNumThreads(count);
            IN_USE.set(count);
        }
    }

    /** The name for manifests and reports: {@code cpu}, {@code cuda:0}, … */
    public String name() {
        return device.isGpu()
                ? "cuda:" + device.getDeviceId()
                : device.getDeviceType().toLowerCase(Locale.ROOT);
    }
}
