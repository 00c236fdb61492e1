package io.inkstream.generator.models;

import io.inkstream.languagemodel.decoding.Decoder;

/** Makes a decoder from a checkpoint. */
@FunctionalInterface
public interface DecoderFactory {

    /**
     * Makes a decoder.
     *
     * @param checkpoint the checkpoint file, verified against its manifest
     * @throws RuntimeException if it holds no model that can be used; the message says why
     */
    Decoder decoder(byte[] checkpoint);
}
