package io.inkstream.generator;

import io.inkstream.platform.InkstreamException;

/**
 * How the generator works.
 *
 * @param partitions partition count for topics that it creates
 * @param batch most requests that are generated together, at least 1
 */
public record GeneratorSettings(int partitions, int batch) {

    public GeneratorSettings {
        if (partitions < 1 || batch < 1) {
            throw new InkstreamException(
                    "The generator needs at least 1 partition and a batch of at least 1, not %d and %d."
                            .formatted(partitions, batch));
        }
    }

    /** 4 partitions, 32 requests together. */
    public static GeneratorSettings defaults() {
        return new GeneratorSettings(4, 32);
    }
}
