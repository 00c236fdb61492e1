package io.inkstream.generator.models;

import io.inkstream.languagemodel.decoding.Decoder;

/** Creates a decoder from a checkpoint. */
@FunctionalInterface
public interface DecoderFactory {

    /**
     * Creates a decoder.
     *
     * @param checkpoint the checkpoint file, verified against its manifest
     * @throws RuntimeException if it is not a usable model; the message says why
     */
    Decoder decoder(byte[] checkpoint);
}
