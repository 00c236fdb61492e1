package io.inkstream.kernels;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;

/** What the processor and the JVM offer. Results do not depend on it, only their speed. */
final class Processor {

    private static final String VECTOR_MODULE = "jdk.incubator.vector";

    private static final String OPTIMIZING_LEVEL = "4";

    /** Why the kernels on vector registers cannot be used, and what to do; empty when they can. */
    static final Optional<String> SLOW_BECAUSE = slowBecause();

    private Processor() {}

    private static Optional<String> slowBecause() {
        if (!hasVectorModule()) {
            return Optional.of(
                    "the JVM was started without the vector API: add the option --add-modules jdk.incubator.vector");
        }
        if (!hasOptimizingCompiler()) {
            return Optional.of("the JVM was started without its optimizing compiler");
        }
        return hasFusedMultiplyAdd()
                ? Optional.empty()
                : Optional.of("the processor, or the JVM as it was started, has no fused multiply-add");
    }

    /** Whether the JVM compiles {@link Math#fma} to an instruction. */
    static boolean hasFusedMultiplyAdd() {
        return Boolean.parseBoolean(option("UseFMA"));
    }

    /** Whether the JVM uses the compiler that turns the vector API into instructions. */
    private static boolean hasOptimizingCompiler() {
        return OPTIMIZING_LEVEL.equals(option("TieredStopAtLevel"))
                && !System.getProperty("java.vm.info", "").contains("interpreted mode");
    }

    /** Whether the JVM was started with the module of the vector API. */
    private static boolean hasVectorModule() {
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
