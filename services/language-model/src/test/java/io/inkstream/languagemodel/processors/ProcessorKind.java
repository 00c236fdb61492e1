package io.inkstream.languagemodel.processors;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The processors for which PyTorch has kernels of their own, which sum in different orders. */
public enum ProcessorKind {
    DEFAULT("NO AVX", ""),
    AVX2("AVX2", "avx2 fma"),
    AVX512("AVX512", "avx512f avx512vl avx512bw avx512dq");

    /** PyTorch uses the kernels that this variable names, without checking whether the processor supports them. */
    public static final String VARIABLE = "ATEN_CPU_CAPABILITY";

    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

    private final String capability;
    private final String instructions;

    ProcessorKind(String capability, String instructions) {
        this.capability = capability;
        this.instructions = instructions;
    }

    /** PyTorch's name of the kernels for such an x86 processor. */
    public String capability() {
        return capability;
    }

    /** The kind requested for this run; empty: PyTorch chooses. */
    public static Optional<ProcessorKind> requested() {
        return Optional.ofNullable(System.getenv(VARIABLE)).map(kind -> valueOf(kind.toUpperCase(Locale.ROOT)));
    }

    /** Whether this machine supports its kernels; known on Linux only, which lists a processor's instructions. */
    public boolean runsHere() {
        return instructions.isEmpty() || instructionsHere().containsAll(List.of(instructions.split(" ")));
    }

    private static Set<String> instructionsHere() {
        if (!Files.isReadable(PROCESSORS)) {
            return Set.of();
        }
        try {
            return Files.readAllLines(PROCESSORS).stream()
                    .filter(line -> line.startsWith("flags"))
                    .findFirst()
                    .map(flags -> Set.copyOf(Arrays.asList(flags.split("\\s+"))))
                    .orElse(Set.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
