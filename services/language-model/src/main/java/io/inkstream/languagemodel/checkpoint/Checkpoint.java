package io.inkstream.languagemodel.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.inkstream.languagemodel.network.ModelShape;
import io.inkstream.languagemodel.network.Tensor;
import io.inkstream.languagemodel.settings.NetworkSettings;
import io.inkstream.languagemodel.settings.TrainingSettings;
import io.inkstream.languagemodel.text.Reading;
import io.inkstream.languagemodel.text.Vocabulary;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * All that is needed to go on training, and to serve: one safetensors file. Parameters have PyTorch's names and layouts;
 * optimizer state is under {@code optimizer.}, the hidden state is {@code state.h} and {@code state.c}, the losses of
 * the epoch under way are {@code state.losses}; vocabulary and history, which grow, are tensors too ({@link StringTable},
 * {@link HistoryTable}); the rest is in the metadata.
 *
 * @param network parameters, optimizer state and hidden state
 * @param vocabulary the tokens that the network knows, in order of their ids
 * @param reading how the text was read
 * @param settings how it is trained; until the end of the epoch under way, newer settings notwithstanding
 * @param cursor where training stands
 * @param history all epochs so far
 * @param device what it was trained on
 * @param threads CPU threads per operation, on which the last bits depend; until the end of the epoch under way
 */
public record Checkpoint(
        NetworkState network,
        Vocabulary vocabulary,
        Reading reading,
        TrainingSettings settings,
        Cursor cursor,
        List<Span> history,
        String device,
        int threads) {

    private static final String FORMAT = "inkstream-checkpoint-4";

    /** Vocabulary and history were JSON in the metadata. */
    private static final String FORMAT_3 = "inkstream-checkpoint-3";

    private static final String MODEL_FORMAT = "inkstream-model-1";
    private static final ObjectMapper JSON = Safetensors.JSON;
    private static final String VOCABULARY = "vocabulary";
    private static final int DIGESTED_FLOATS = 16 * 1024;
    private static final List<String> STATE_NAMES = List.of("state.h", "state.c");
    private static final String LOSSES = "state.losses";

    public Checkpoint {
        history = List.copyOf(history);
        if (vocabulary.size() != network.shape().vocabulary()) {
            throw new IllegalArgumentException("A network for %d tokens does not fit a vocabulary of %d"
                    .formatted(network.shape().vocabulary(), vocabulary.size()));
        }
        reading.check(vocabulary);
        network.shape().check(network.parameters());
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
        StringTable words = StringTable.of(vocabulary.entries());
        HistoryTable spans = HistoryTable.of(history);
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        words.putEnds(VOCABULARY, tensors);
        spans.putNumbers(tensors);
        network.parameters().forEach((name, tensor) -> tensors.put(name, new StoredTensor.Floats(tensor)));
        network.optimizer().forEach((name, tensor) -> tensors.put(name, new StoredTensor.Floats(tensor)));
        for (int i = 0; i < network.carried().size(); i++) {
            tensors.put(
                    STATE_NAMES.get(i),
                    new StoredTensor.Floats(network.carried().get(i)));
        }
        if (network.stepLosses().values().length > 0) {
            tensors.put(LOSSES, new StoredTensor.Floats(network.stepLosses()));
        }
        words.putText(VOCABULARY, tensors);
        spans.putText(tensors);
        Map<String, String> metadata = modelMetadata();
        metadata.put("cursor", json(cursor));
        metadata.put("loss_sum", Double.toString(network.lossSum()));
        return TensorFile.ofStored(tensors, metadata);
    }

    /** The file as one array; as {@link #file}. */
    public byte[] write() {
        return file().toByteArray();
    }

    /**
     * The parameters alone, as a PyTorch module of this shape loads them; what else it takes to use them is in the metadata,
     * as {@link ModelFile} reads it.
     *
     * @param sha256 of the checkpoint file that they come from, for the metadata
     * @throws IllegalArgumentException if the vocabulary is too large for a header that can be read again
     */
    public TensorFile modelFile(String sha256) {
        Map<String, String> metadata = modelMetadata();
        metadata.put("format", MODEL_FORMAT);
        metadata.put(VOCABULARY, json(vocabulary.entries()));
        metadata.put("checkpoint", sha256);
        NetworkSettings shape = settings.network();
        metadata.put("cell", shape.cell().name().toLowerCase(Locale.ROOT));
        metadata.put("hidden", Integer.toString(shape.hidden()));
        metadata.put("layers", Integer.toString(shape.layers()));
        metadata.put("embedding", Integer.toString(shape.embedding()));
        metadata.put("output", shape.output().name().toLowerCase(Locale.ROOT));
        if (Double.isFinite(cursor.perplexity())) {
            metadata.put("perplexity", Double.toString(cursor.perplexity()));
        }
        return TensorFile.of(network.parameters(), metadata);
    }

    /** SHA-256 of the parameters, in order of name: name, then the elements as little-endian floats. */
    public String weightsSha256() {
        MessageDigest digest = sha256();
        new TreeMap<>(network.parameters()).forEach((name, tensor) -> {
            digest.update(name.getBytes(StandardCharsets.UTF_8));
            float[] values = tensor.values();
            ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * Math.min(DIGESTED_FLOATS, values.length))
                    .order(ByteOrder.LITTLE_ENDIAN);
            for (int from = 0; from < values.length; from += DIGESTED_FLOATS) {
                int length = Math.min(DIGESTED_FLOATS, values.length - from);
                bytes.asFloatBuffer().put(values, from, length);
                digest.update(bytes.array(), 0, Float.BYTES * length);
            }
        });
        return HexFormat.of().formatHex(digest.digest());
    }

    /** SHA-256 of a file, in lower-case hexadecimal. */
    public static String sha256(byte[] file) {
        return HexFormat.of().formatHex(sha256().digest(file));
    }

    /**
     * Reads a file that was written as {@link #file}, by this version or an earlier one.
     *
     * @throws IllegalArgumentException if it is no checkpoint, saying what is wrong
     */
    public static Checkpoint read(byte[] file) {
        return of(Safetensors.read(file));
    }

    /**
     * Reads such a file from a stream; beside the checkpoint itself little is held.
     *
     * @param bytes how many the stream has
     * @throws IllegalArgumentException if it is no checkpoint, saying what is wrong
     * @throws IOException if the stream throws it
     */
    public static Checkpoint read(InputStream file, long bytes) throws IOException {
        return of(Safetensors.read(file, bytes));
    }

    private static Checkpoint of(Safetensors tensors) {
        Map<String, String> metadata = tensors.metadata();
        String format = metadata.get("format");
        if (!FORMAT.equals(format) && !FORMAT_3.equals(format)) {
            throw new IllegalArgumentException(
                    "Not a checkpoint that this version reads: its format is %s, not %s or %s"
                            .formatted(format, FORMAT_3, FORMAT));
        }
        boolean tables = FORMAT.equals(format);
        TrainingSettings settings = parse(metadata, "settings", new TypeReference<>() {});
        Vocabulary vocabulary = new Vocabulary(
                tables
                        ? StringTable.read(tensors, VOCABULARY).strings()
                        : parse(metadata, VOCABULARY, new TypeReference<List<String>>() {}));
        List<Span> history = tables
                ? HistoryTable.read(tensors).history()
                : parse(metadata, "history", new TypeReference<List<Span>>() {});
        ModelShape shape = settings.shape(vocabulary.size());
        Map<String, Tensor> parameters = new LinkedHashMap<>();
        shape.parameterShapes().keySet().forEach(name -> parameters.put(name, tensors.tensor(name)));
        Map<String, Tensor> optimizer = new LinkedHashMap<>();
        tensors.names().stream()
                .filter(name -> name.startsWith("optimizer."))
                .forEach(name -> optimizer.put(name, tensors.tensor(name)));
        List<Tensor> carried = new ArrayList<>();
        STATE_NAMES.stream().filter(tensors.names()::contains).forEach(name -> carried.add(tensors.tensor(name)));
        double lossSum = Double.parseDouble(required(metadata, "loss_sum"));
        Tensor stepLosses = tensors.names().contains(LOSSES) ? tensors.tensor(LOSSES) : Tensor.zeros(0);
        return new Checkpoint(
                new NetworkState(shape, parameters, optimizer, carried, lossSum, stepLosses),
                vocabulary,
                reading(metadata),
                settings,
                parse(metadata, "cursor", new TypeReference<>() {}),
                history,
                required(metadata, "device"),
                Integer.parseInt(required(metadata, "threads")));
    }

    private Map<String, String> modelMetadata() {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("format", FORMAT);
        metadata.put("settings", json(settings));
        metadata.put("tokenizer", reading.tokenizer().name());
        metadata.put("normalizer", reading.normalizer().name());
        metadata.put("nfc", Boolean.toString(reading.nfc()));
        metadata.put("reserved_tokens", json(reading.reservedTokens()));
        metadata.put("device", device);
        metadata.put("threads", Integer.toString(threads));
        return metadata;
    }

    /** Files from before there were NFC and reserved tokens do not speak of them. */
    private static Reading reading(Map<String, String> metadata) {
        return Reading.named(
                required(metadata, "tokenizer"),
                required(metadata, "normalizer"),
                Boolean.parseBoolean(metadata.get("nfc")),
                metadata.containsKey("reserved_tokens")
                        ? parse(metadata, "reserved_tokens", new TypeReference<List<String>>() {})
                        : List.of());
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Cannot write %s as JSON".formatted(value.getClass()), e);
        }
    }

    private static <T> T parse(Map<String, String> metadata, String name, TypeReference<T> type) {
        try {
            return JSON.readValue(required(metadata, name), type);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("The checkpoint's '%s' cannot be read".formatted(name), e);
        }
    }

    private static String required(Map<String, String> metadata, String name) {
        String value = metadata.get(name);
        if (value == null) {
            throw new IllegalArgumentException("The checkpoint has no '%s'".formatted(name));
        }
        return value;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
