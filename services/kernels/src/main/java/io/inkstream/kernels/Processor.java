package io.inkstream.kernels;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;

/** What the processor and the JVM offer. Results do not depend on it, only their speed. */
final class Processor {

    private static final String VECTOR_MODULE = "jdk.incubator.vector";

    private static final String OPTIMIZING_LEVEL = "4";

    private Processor() {}

    /** Whether the JVM compiles {@link Math#fma} to an instruction. */
    static boolean hasFusedMultiplyAdd() {
        return Boolean.parseBoolean(option("UseFMA"));
    }

    /** Whether the JVM uses the compiler that turns the vector API into instructions. */
    static boolean hasOptimizingCompiler() {
        return OPTIMIZING_LEVEL.equals(option("TieredStopAtLevel"))
                && !System.getProperty("java.vm.info", "").contains("interpreted mode");
    }

    /** Whether the JVM was started with the module of the vector API. */
    static boolean hasVectorModule() {
        return ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent();
    }

    /** An option of the JVM; empty if there is none with this name, as in a JVM of another kind. */
    private static String option(String name) {
        HotSpotDiagnosticMXBean options = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        try {
            return options == null ? "" : options.getVMOption(name).getValue();
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
