package io.inkstream.generator;

/** Stand-in. */
public record GeneratorSettings(int partitions, int batch) {
    public static GeneratorSettings defaults() {
        return new GeneratorSettings(4, 32);
    }
}
