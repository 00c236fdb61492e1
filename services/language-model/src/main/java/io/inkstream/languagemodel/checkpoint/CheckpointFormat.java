package io.inkstream.languagemodel.checkpoint;

import com.fasterxml.jackson.core.type.TypeReference;
import io.inkstream.languagemodel.engine.EngineKind;
import io.inkstream.languagemodel.network.ModelShape;
import io.inkstream.languagemodel.network.NetworkState;
import io.inkstream.languagemodel.network.Tensor;
import io.inkstream.languagemodel.settings.NetworkSettings;
import io.inkstream.languagemodel.settings.TrainingSettings;
import io.inkstream.languagemodel.text.Reading;
import io.inkstream.languagemodel.text.Vocabulary;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A {@link Checkpoint} as a safetensors file. Parameters have PyTorch's names and layouts; optimizer state is under
 * {@code optimizer.}, the hidden state is {@code state.h} and {@code state.c}, the losses of the current epoch are
 * {@code state.losses}; vocabulary and history, which grow, are tensors too ({@link StringTable}, {@link HistoryTable});
 * everything else is in the metadata.
 */
final class CheckpointFormat {

    private static final String FORMAT = "inkstream-checkpoint-5";

    /** The previous format: it records no engine, and settings have an implementation. */
    private static final String FORMAT_4 = "inkstream-checkpoint-4";

    /** The format before: vocabulary and history are JSON in the metadata. */
    private static final String FORMAT_3 = "inkstream-checkpoint-3";

    private static final String MODEL_FORMAT = "inkstream-model-1";
    private static final String VOCABULARY = "vocabulary";
    private static final String OPTIMIZER_PREFIX = "optimizer.";
    private static final List<String> STATE_NAMES = List.of("state.h", "state.c");
    private static final String LOSSES = "state.losses";

    private CheckpointFormat() {}

    /** See {@link Checkpoint#file}. */
    static TensorFile file(Checkpoint checkpoint) {
        StringTable vocabulary = StringTable.of(checkpoint.vocabulary().entries());
        HistoryTable history = HistoryTable.of(checkpoint.history());
        NetworkState network = checkpoint.network();
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        vocabulary.putEnds(VOCABULARY, tensors);
        history.putNumbers(tensors);
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
        vocabulary.putText(VOCABULARY, tensors);
        history.putText(tensors);
        Metadata metadata = modelMetadata(checkpoint);
        metadata.putJson("cursor", checkpoint.cursor());
        metadata.put("loss_sum", Double.toString(network.lossSum()));
        return TensorFile.ofStored(tensors, metadata.entries());
    }

    /** See {@link Checkpoint#modelFile}. */
    static TensorFile modelFile(Checkpoint checkpoint, String sha256) {
        Metadata metadata = modelMetadata(checkpoint);
        metadata.put("format", MODEL_FORMAT);
        metadata.putJson(VOCABULARY, checkpoint.vocabulary().entries());
        metadata.put("checkpoint", sha256);
        NetworkSettings network = checkpoint.settings().network();
        metadata.put("cell", network.cell().name().toLowerCase(Locale.ROOT));
        metadata.put("hidden", Integer.toString(network.hidden()));
        metadata.put("layers", Integer.toString(network.layers()));
        metadata.put("embedding", Integer.toString(network.embedding()));
        metadata.put("output", network.output().name().toLowerCase(Locale.ROOT));
        double perplexity = checkpoint.cursor().perplexity();
        if (Double.isFinite(perplexity)) {
            metadata.put("perplexity", Double.toString(perplexity));
        }
        return TensorFile.of(checkpoint.parameters(), metadata.entries());
    }

    /** See {@link Checkpoint#read(byte[])}. */
    static Checkpoint read(Safetensors file) {
        Metadata metadata = new Metadata(file.metadata());
        String format = metadata.get("format").orElse("not given");
        if (!List.of(FORMAT_3, FORMAT_4, FORMAT).contains(format)) {
            throw new IllegalArgumentException(
                    "Not a checkpoint that this version can read: its format is %s, not %s, %s or %s"
                            .formatted(format, FORMAT_3, FORMAT_4, FORMAT));
        }
        TrainingSettings settings = SettingsJson.read(metadata.required("settings"));
        Vocabulary vocabulary = new Vocabulary(
                FORMAT_3.equals(format)
                        ? metadata.json(VOCABULARY, new TypeReference<List<String>>() {})
                        : StringTable.read(file, VOCABULARY).strings());
        return new Checkpoint(
                network(file, settings.shape(vocabulary.size()), metadata),
                vocabulary,
                reading(metadata),
                settings,
                metadata.json("cursor", new TypeReference<>() {}),
                history(file, format, metadata),
                metadata.get("engine").map(EngineKind::of).orElse(EngineKind.PYTORCH),
                metadata.required("device"),
                Integer.parseInt(metadata.required("threads")));
    }

    private static List<Span> history(Safetensors file, String format, Metadata metadata) {
        return switch (format) {
            case FORMAT_3 -> HistoryList.read(metadata.required("history"));
            case FORMAT_4 -> HistoryTable.readFormat4(file).history();
            default -> HistoryTable.read(file).history();
        };
    }

    private static NetworkState network(Safetensors file, ModelShape shape, Metadata metadata) {
        Map<String, Tensor> parameters = new LinkedHashMap<>();
        shape.parameterShapes().keySet().forEach(name -> parameters.put(name, file.tensor(name)));
        Map<String, Tensor> optimizer = new LinkedHashMap<>();
        file.names().stream()
                .filter(name -> name.startsWith(OPTIMIZER_PREFIX))
                .forEach(name -> optimizer.put(name, file.tensor(name)));
        List<Tensor> carried = new ArrayList<>();
        STATE_NAMES.stream().filter(file.names()::contains).forEach(name -> carried.add(file.tensor(name)));
        double lossSum = Double.parseDouble(metadata.required("loss_sum"));
        Tensor stepLosses = file.names().contains(LOSSES) ? file.tensor(LOSSES) : Tensor.zeros(0);
        return new NetworkState(shape, parameters, optimizer, carried, lossSum, stepLosses);
    }

    private static Metadata modelMetadata(Checkpoint checkpoint) {
        Reading reading = checkpoint.reading();
        Metadata metadata = new Metadata(new LinkedHashMap<>());
        metadata.put("format", FORMAT);
        metadata.put("settings", SettingsJson.write(checkpoint.settings()));
        metadata.put("tokenizer", reading.tokenizer().name());
        metadata.put("normalizer", reading.normalizer().name());
        metadata.put("nfc", Boolean.toString(reading.nfc()));
        metadata.putJson("reserved_tokens", reading.reservedTokens());
        metadata.put("engine", checkpoint.engine().word());
        metadata.put("device", checkpoint.device());
        metadata.put("threads", Integer.toString(checkpoint.threads()));
        return metadata;
    }

    /** Older files have neither {@code nfc} nor {@code reserved_tokens}. */
    private static Reading reading(Metadata metadata) {
        return Reading.named(
                metadata.required("tokenizer"),
                metadata.required("normalizer"),
                metadata.get("nfc").map(Boolean::parseBoolean).orElse(false),
                metadata.get("reserved_tokens").isPresent()
                        ? metadata.json("reserved_tokens", new TypeReference<List<String>>() {})
                        : List.of());
    }
}
