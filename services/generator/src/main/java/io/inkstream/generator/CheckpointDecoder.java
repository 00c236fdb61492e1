package io.inkstream.generator;

import io.inkstream.languagemodel.checkpoint.Checkpoint;
import io.inkstream.languagemodel.decoding.Decoder;

/** Creates decoders from the trainer's checkpoints. */
final class CheckpointDecoder {

    private CheckpointDecoder() {}

    /**
     * The decoder of a checkpoint file.
     *
     * @throws IllegalArgumentException if it is not a checkpoint, or its weights are not finite
     */
    static Decoder of(byte[] file) {
        Checkpoint checkpoint = Checkpoint.read(file);
        return new Decoder(checkpoint.shape(), checkpoint.parameters(), checkpoint.vocabulary(), checkpoint.reading());
    }
}
