package io.inkstream.cli.output;

import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.InitializationKind;
import io.inkstream.schemas.OptimizerKind;
import io.inkstream.schemas.OutputKind;
import io.inkstream.schemas.SamplingKind;
import io.inkstream.schemas.TrainingSpec;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** Settings in words, as a lesson lists them. */
public final class SettingsInWords {

    private SettingsInWords() {}

    /** {@code rnn of 256, one-hot, batch 32, window 35, first 10,000 tokens, sequential, sgd 1, clip 1, 500 epochs}. */
    public static String of(TrainingSpec spec) {
        List<String> words = new ArrayList<>();
        words.add("%s of %s%s"
                .formatted(
                        SchemaChoices.word(spec.getCell()),
                        spec.getLayers() == 1 ? "" : "%d × ".formatted(spec.getLayers()),
                        spec.getHidden()));
        words.add(spec.getEmbedding() == 0 ? "one-hot" : "embedding " + spec.getEmbedding());
        if (spec.getOutput() == OutputKind.HIDDEN) {
            words.add("hidden state as logits");
        }
        if (spec.getInitialization() != InitializationKind.PYTORCH) {
            words.add("first weights " + SchemaChoices.word(spec.getInitialization()));
        }
        words.add("batch " + spec.getBatch());
        words.add("window " + spec.getWindow());
        words.add(
                spec.getMaxTokens() == 0
                        ? "all tokens"
                        : "first %s".formatted(Formatting.count(spec.getMaxTokens(), "token")));
        if (spec.getMinFrequency() > 1) {
            words.add("minimum frequency " + spec.getMinFrequency());
        }
        boolean online = spec.getSampling() == SamplingKind.ONLINE;
        words.add(
                online
                        ? "online in segments of %s".formatted(Formatting.count(spec.getSegmentWindows(), "window"))
                        : SchemaChoices.word(spec.getSampling()));
        words.add("%s %s"
                .formatted(spec.getOptimizer() == OptimizerKind.SGD ? "SGD" : "Adam", plain(spec.getLearningRate())));
        words.add(spec.getClip() == 0 ? "no clipping" : "clip " + plain(spec.getClip()));
        words.add(online ? "each token once" : Formatting.count(spec.getEpochs(), "epoch"));
        return String.join(", ", words);
    }

    /** {@code characters, normalizer time-machine}. */
    public static String of(CorpusSpec reading) {
        return "%s, normalizer %s"
                .formatted(SchemaChoices.word(reading.getTokenizer()), SchemaChoices.word(reading.getNormalizer()));
    }

    private static String plain(double number) {
        return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
    }
}
