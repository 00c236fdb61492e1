package io.inkstream.languagemodel.training;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import java.util.Locale;

/**
 * What a network is trained on.
 *
 * @param device DJL's name of it
 * @param threads CPU threads per operation, for a model that is new
 * @param pinned true: this number of threads was asked for, and is that of every model from its next epoch on; false: it
 *     suits the machine, and a model that goes on keeps the number that it was trained with
 */
public record ComputeDevice(Device device, int threads, boolean pinned) {

    private static final String ENGINE = "PyTorch";

    /** What PyTorch was told last on each thread. */
    private static final ThreadLocal<Integer> IN_USE = new ThreadLocal<>();

    /** More threads than this wait for each other on the small matrices of a recurrent step. */
    private static final int MOST_USEFUL_THREADS = 4;

    /** Which device is wanted. */
    public enum Choice {
        /** A GPU where there is one, else the CPU. */
        AUTO,
        CPU,
        GPU
    }

    /**
     * Finds the device and prepares PyTorch for it. Loads the native library, so the first call takes a second or two.
     *
     * @param choice which device is wanted
     * @param threads CPU threads per operation; 0: half the machine's cores, at most 4, so that a broker beside it has
     *     room; when the threads of an operation must share a core, each waits for the slowest
     * @throws IllegalArgumentException if a GPU is wanted and PyTorch finds none
     */
    public static ComputeDevice open(Choice choice, int threads) {
        System.setProperty("OPT_OUT_TRACKING", "true"); // DJL would look for a cloud to report its use to
        Engine engine = Engine.getEngine(ENGINE);
        if (choice == Choice.GPU && engine.getGpuCount() == 0) {
            throw new IllegalArgumentException(
                    "PyTorch finds no GPU here: take device cpu or auto, or install a CUDA build of PyTorch and its driver.");
        }
        boolean gpu = choice != Choice.CPU && engine.getGpuCount() > 0;
        int chosen = threads > 0 ? threads : chosenThreads(Runtime.getRuntime().availableProcessors());
        return new ComputeDevice(gpu ? Device.gpu() : Device.cpu(), chosen, threads > 0);
    }

    private static int chosenThreads(int cores) {
        return Math.max(1, Math.min(cores / 2, MOST_USEFUL_THREADS));
    }

    /** Sets PyTorch's thread count for the calling thread; every thread that trains must call it. */
    public void prepareThread() {
        useThreads(threads);
    }

    /** Sets PyTorch's thread count for the calling thread, if it is another at present. */
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
