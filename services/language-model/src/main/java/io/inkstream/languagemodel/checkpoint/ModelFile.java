package io.inkstream.languagemodel.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.inkstream.languagemodel.engine.EngineKind;
import io.inkstream.languagemodel.network.Cell;
import io.inkstream.languagemodel.network.ModelShape;
import io.inkstream.languagemodel.network.NetworkState;
import io.inkstream.languagemodel.network.Output;
import io.inkstream.languagemodel.network.Tensor;
import io.inkstream.languagemodel.sampling.Sampler;
import io.inkstream.languagemodel.settings.NetworkSettings;
import io.inkstream.languagemodel.settings.OptimizerRule;
import io.inkstream.languagemodel.settings.OptimizerSettings;
import io.inkstream.languagemodel.settings.SamplingSettings;
import io.inkstream.languagemodel.settings.TrainingSettings;
import io.inkstream.languagemodel.text.Normalizer;
import io.inkstream.languagemodel.text.Reading;
import io.inkstream.languagemodel.text.Tokenizer;
import io.inkstream.languagemodel.text.Vocabulary;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A model in a safetensors file: parameters by PyTorch's names, and in the metadata everything else that is needed to use
 * it. It was written by {@link Checkpoint#modelFile}, or by another program, which needs these keys:
 *
 * <ul>
 *   <li>{@code vocabulary}: a JSON list of the tokens with the ids 1, 2, …; {@code <unk>}, id 0, may precede them;
 *   <li>{@code tokenizer}: {@code characters}, {@code words} or {@code bytes};
 *   <li>{@code normalizer}: {@code letters}, {@code time_machine} or {@code verbatim}, which is the default;
 *   <li>{@code nfc}: {@code true}, if the text was in NFC;
 *   <li>{@code reserved_tokens}: a JSON list of the tokens that the vocabulary begins with and that are read whole, if
 *       there are any;
 *   <li>{@code cell}: {@code rnn_relu}, if it is one; the others are recognized by the weights;
 *   <li>{@code perplexity}, if it is known.
 * </ul>
 */
public final class ModelFile {

    private static final ObjectMapper JSON = Safetensors.JSON;

    private final Safetensors file;

    private ModelFile(Safetensors file) {
        this.file = file;
    }

    /**
     * Reads a model as a checkpoint without any training.
     *
     * @throws IllegalArgumentException if it is not a usable model, saying what is wrong
     */
    public static Checkpoint read(byte[] bytes) {
        return new ModelFile(Safetensors.read(bytes)).checkpoint();
    }

    private Checkpoint checkpoint() {
        NetworkSettings network = network();
        Vocabulary vocabulary = vocabulary(network);
        ModelShape shape = network.shape(vocabulary.size());
        Map<String, Tensor> parameters = new LinkedHashMap<>();
        file.names().forEach(name -> parameters.put(name, file.tensor(name)));
        shape.check(parameters);
        parameters.forEach(ModelFile::requireFinite);
        TrainingSettings settings = settings(network);
        return new Checkpoint(
                NetworkState.of(shape, parameters),
                vocabulary,
                reading(),
                settings,
                new Cursor(0, 0, 0, 0, 0, 0, perplexity(), Double.NaN, 0),
                List.of(),
                EngineKind.PYTORCH,
                "imported",
                1);
    }

    /** The network, derived from the shapes of its weights. */
    private NetworkSettings network() {
        int layers = 0;
        while (file.names().contains("rnn.weight_hh_l" + layers)) {
            layers++;
        }
        if (layers == 0) {
            throw new IllegalArgumentException(
                    "There is no parameter rnn.weight_hh_l0 among %s: save the state_dict of a module with the attributes rnn, linear and, if it has one, embedding"
                            .formatted(file.names()));
        }
        int[] recurrent = matrix("rnn.weight_hh_l0");
        int hidden = recurrent[1];
        int embedding = file.names().contains("embedding.weight") ? matrix("embedding.weight")[1] : 0;
        Output output = file.names().contains("linear.weight") ? Output.LINEAR : Output.HIDDEN;
        return NetworkSettings.of(cell(recurrent), Math.max(1, hidden))
                .with(layers, embedding)
                .with(output);
    }

    private Cell cell(int[] recurrent) {
        String named = file.metadata().get("cell");
        List<Cell> fitting = Arrays.stream(Cell.values())
                .filter(cell -> recurrent[0] == (long) cell.gates() * recurrent[1])
                .toList();
        if (fitting.isEmpty()) {
            throw new IllegalArgumentException(
                    "Parameter rnn.weight_hh_l0 has the shape %s; with H hidden units it should be (H, H), (3 H, H) or (4 H, H)"
                            .formatted(Arrays.toString(recurrent)));
        }
        if (named == null) {
            return fitting.get(0);
        }
        Cell cell = choice(Cell.class, named);
        if (!fitting.contains(cell)) {
            throw new IllegalArgumentException(
                    "The metadata says that the cell is %s, but its weights are those of %s".formatted(named, fitting));
        }
        return cell;
    }

    private Reading reading() {
        String nfc = metadata("nfc", "false");
        if (!nfc.equals("true") && !nfc.equals("false")) {
            throw new IllegalArgumentException("The file's 'nfc' is '%s'; it should be true or false".formatted(nfc));
        }
        return new Reading(
                choice(Tokenizer.class, required("tokenizer")),
                choice(Normalizer.class, metadata("normalizer", "verbatim")),
                nfc.equals("true"),
                strings("reserved_tokens", metadata("reserved_tokens", "[]")));
    }

    private Vocabulary vocabulary(NetworkSettings network) {
        List<String> entries = strings("vocabulary", required("vocabulary"));
        int size = network.output() == Output.HIDDEN ? network.hidden() + 1 : matrix("linear.weight")[0];
        boolean unknownFirst = entries.size() == size && entries.get(0).equals(Vocabulary.UNKNOWN);
        List<String> known = unknownFirst ? entries.subList(1, size) : entries;
        if (known.size() + 1 != size || size < 2) {
            throw new IllegalArgumentException(
                    "The network is for %d tokens, <unk> included, and the vocabulary has %d: it lists the tokens with the ids 1, 2, …"
                            .formatted(size, entries.size()));
        }
        return new Vocabulary(known);
    }

    /** The settings that it was trained with, if the file has them, else usual ones. */
    private TrainingSettings settings(NetworkSettings network) {
        String known = file.metadata().get("settings");
        if (known != null) {
            TrainingSettings settings = known(known);
            NetworkSettings trained = settings.network();
            if (network.with(trained.initialization()).equals(trained)) {
                return settings;
            }
            throw new IllegalArgumentException("The file's 'settings' are those of another network: remove them");
        }
        return new TrainingSettings(
                network,
                SamplingSettings.of(Sampler.Method.SEQUENTIAL, 32, 35),
                new OptimizerSettings(OptimizerRule.SGD, 1, 1),
                0,
                1);
    }

    private static TrainingSettings known(String json) {
        try {
            return SettingsJson.read(json);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("The file's 'settings' cannot be parsed: remove them", e);
        }
    }

    private double perplexity() {
        String perplexity = file.metadata().get("perplexity");
        try {
            return perplexity == null ? Double.NaN : Double.parseDouble(perplexity);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "The file's 'perplexity' is not a number: '%s'".formatted(perplexity), e);
        }
    }

    private int[] matrix(String name) {
        int[] shape = file.tensor(name).shape();
        if (shape.length != 2) {
            throw new IllegalArgumentException(
                    "Parameter %s should be a matrix, but has the shape %s".formatted(name, Arrays.toString(shape)));
        }
        return shape;
    }

    private String required(String key) {
        String value = file.metadata().get(key);
        if (value == null) {
            throw new IllegalArgumentException(
                    "The file's metadata has no '%s': save it with safetensors.torch.save_file(…, metadata={'vocabulary': json.dumps([…]), 'tokenizer': 'characters'})"
                            .formatted(key));
        }
        return value;
    }

    private static List<String> strings(String key, String json) {
        try {
            List<String> strings = JSON.readValue(json, new TypeReference<>() {});
            strings.forEach(StringTable::requireText);
            return strings;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("The file's '%s' is not a JSON list of strings".formatted(key), e);
        }
    }

    private String metadata(String key, String otherwise) {
        return file.metadata().getOrDefault(key, otherwise);
    }

    private static void requireFinite(String name, Tensor parameter) {
        for (float value : parameter.values()) {
            if (!Float.isFinite(value)) {
                throw new IllegalArgumentException("Parameter %s contains %s".formatted(name, value));
            }
        }
    }

    private static <E extends Enum<E>> E choice(Class<E> type, String name) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant ->
                        constant.name().equals(name.toUpperCase(Locale.ROOT).replace('-', '_')))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'%s' is not one of %s"
                        .formatted(
                                name,
                                Arrays.stream(type.getEnumConstants())
                                        .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                                        .collect(Collectors.joining(", ")))));
    }
}
