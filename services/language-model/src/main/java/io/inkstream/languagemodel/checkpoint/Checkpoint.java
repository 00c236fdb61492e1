package io.inkstream.languagemodel.checkpoint;

import io.inkstream.languagemodel.engine.EngineKind;
import io.inkstream.languagemodel.network.ModelShape;
import io.inkstream.languagemodel.network.NetworkState;
import io.inkstream.languagemodel.network.Tensor;
import io.inkstream.languagemodel.settings.TrainingSettings;
import io.inkstream.languagemodel.text.Reading;
import io.inkstream.languagemodel.text.Vocabulary;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Everything that is needed to resume training, and to serve: one safetensors file.
 *
 * @param network parameters, optimizer state and hidden state
 * @param vocabulary the tokens that the network knows, in order of their ids
 * @param reading how the text was read
 * @param settings how it is trained; until the end of the current epoch, even if newer settings have arrived
 * @param cursor the position of training
 * @param history all epochs so far
 * @param engine what computes it, until the end of the current epoch
 * @param device what it was trained on
 * @param threads CPU threads per operation, until the end of the current epoch; 0: the bits do not depend on their number
 */
public record Checkpoint(
        NetworkState network,
        Vocabulary vocabulary,
        Reading reading,
        TrainingSettings settings,
        Cursor cursor,
        List<Span> history,
        EngineKind engine,
        String device,
        int threads) {

    private static final int DIGESTED_FLOATS = 16 * 1024;

    public Checkpoint {
        history = List.copyOf(history);
        if (vocabulary.size() != network.shape().vocabulary()) {
            throw new IllegalArgumentException("A network for %d tokens does not fit a vocabulary of %d"
                    .formatted(network.shape().vocabulary(), vocabulary.size()));
        }
        reading.check(vocabulary);
        network.shape().check(network.parameters());
    }

    /**
     * Reads a file that was written as {@link #file}, by this version or an earlier one.
     *
     * @throws IllegalArgumentException if it is not a checkpoint, saying what is wrong
     */
    public static Checkpoint read(byte[] file) {
        return CheckpointFormat.read(Safetensors.read(file));
    }

    /**
     * Reads such a file from a stream; beside the checkpoint itself little memory is used.
     *
     * @param bytes length of the stream
     * @throws IllegalArgumentException if it is not a checkpoint, saying what is wrong
     * @throws IOException if the stream throws it
     */
    public static Checkpoint read(InputStream file, long bytes) throws IOException {
        return CheckpointFormat.read(Safetensors.read(file, bytes));
    }

    /** The network's shape. */
    public ModelShape shape() {
        return network.shape();
    }

    /** The parameters, by PyTorch's names. */
    public Map<String, Tensor> parameters() {
        return network.parameters();
    }

    /**
     * The file, ready to be written. The same checkpoint always gives the same bytes.
     *
     * @throws IllegalArgumentException if it could not be read again, saying why
     */
    public TensorFile file() {
        return CheckpointFormat.file(this);
    }

    /** The file as one array; as {@link #file}. */
    public byte[] write() {
        return file().toByteArray();
    }

    /**
     * The parameters alone, as a PyTorch module of this shape loads them; everything else that is needed to use them is
     * in the metadata, as {@link ModelFile} reads it.
     *
     * @param sha256 of the checkpoint file that they come from, for the metadata
     * @throws IllegalArgumentException if the vocabulary is too large for a header that can be read again
     */
    public TensorFile modelFile(String sha256) {
        return CheckpointFormat.modelFile(this, sha256);
    }

    /** SHA-256 of the parameters, in order of name: name, then the elements as little-endian floats. */
    public String weightsSha256() {
        Sha256 digest = new Sha256();
        new TreeMap<>(network.parameters()).forEach((name, tensor) -> {
            byte[] encodedName = name.getBytes(StandardCharsets.UTF_8);
            digest.update(encodedName, 0, encodedName.length);
            float[] values = tensor.values();
            ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * Math.min(DIGESTED_FLOATS, values.length))
                    .order(ByteOrder.LITTLE_ENDIAN);
            for (int from = 0; from < values.length; from += DIGESTED_FLOATS) {
                int length = Math.min(DIGESTED_FLOATS, values.length - from);
                bytes.asFloatBuffer().put(values, from, length);
                digest.update(bytes.array(), 0, Float.BYTES * length);
            }
        });
        return digest.hex();
    }
}
