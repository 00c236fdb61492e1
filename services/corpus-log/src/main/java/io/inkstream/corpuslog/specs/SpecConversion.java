package io.inkstream.corpuslog.specs;

import io.inkstream.languagemodel.network.Cell;
import io.inkstream.languagemodel.network.Initialization;
import io.inkstream.languagemodel.network.Output;
import io.inkstream.languagemodel.sampling.Sampler;
import io.inkstream.languagemodel.settings.NetworkSettings;
import io.inkstream.languagemodel.settings.OptimizerRule;
import io.inkstream.languagemodel.settings.OptimizerSettings;
import io.inkstream.languagemodel.settings.SamplingSettings;
import io.inkstream.languagemodel.settings.TrainingSettings;
import io.inkstream.languagemodel.text.Normalizer;
import io.inkstream.languagemodel.text.Reading;
import io.inkstream.languagemodel.text.Tokenizer;
import io.inkstream.schemas.CellKind;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.InitializationKind;
import io.inkstream.schemas.NormalizerKind;
import io.inkstream.schemas.OptimizerKind;
import io.inkstream.schemas.OutputKind;
import io.inkstream.schemas.SamplingKind;
import io.inkstream.schemas.TokenBlock;
import io.inkstream.schemas.TokenizerKind;
import io.inkstream.schemas.TrainingSpec;
import java.util.Optional;

/** Turns the Avro contract into the language model's own types, and back. The enums have the same symbols. */
public final class SpecConversion {

    private SpecConversion() {}

    /**
     * The settings that a spec asks for.
     *
     * @throws IllegalArgumentException if a value is impossible; the message says which
     */
    public static TrainingSettings settings(TrainingSpec spec) {
        return new TrainingSettings(
                new NetworkSettings(
                        Cell.valueOf(spec.getCell().name()),
                        spec.getHidden(),
                        spec.getLayers(),
                        spec.getEmbedding(),
                        Output.valueOf(spec.getOutput().name()),
                        Initialization.valueOf(spec.getInitialization().name())),
                new SamplingSettings(
                        Sampler.Method.valueOf(spec.getSampling().name()),
                        spec.getBatch(),
                        spec.getWindow(),
                        spec.getGradientWindows(),
                        spec.getMaxTokens(),
                        spec.getMinFrequency(),
                        spec.getValidation(),
                        spec.getSegmentWindows()),
                new OptimizerSettings(
                        OptimizerRule.valueOf(spec.getOptimizer().name()), spec.getLearningRate(), spec.getClip()),
                spec.getEpochs(),
                spec.getSeed());
    }

    /**
     * How the corpus of a spec is read.
     *
     * @throws IllegalArgumentException if it cannot be read in this way; the message says why
     */
    public static Reading reading(CorpusSpec spec) {
        return Reading.named(
                spec.getTokenizer().name(), spec.getNormalizer().name(), spec.getNfc(), spec.getReservedTokens());
    }

    /** What is impossible in a spec, as a sentence without its full stop; empty if the spec is valid. */
    public static Optional<String> problem(CorpusSpec spec) {
        try {
            reading(spec);
            if (spec.getTraining() != null) {
                settings(spec.getTraining());
            }
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /**
     * How the corpus of a block was read.
     *
     * @throws IllegalArgumentException if no corpus can be read in this way; the message says why
     */
    public static Reading reading(TokenBlock block) {
        return Reading.named(
                block.getTokenizer().name(), block.getNormalizer().name(), block.getNfc(), block.getReservedTokens());
    }

    /** A tokenizer by its name in the contract. */
    public static Tokenizer tokenizer(TokenizerKind kind) {
        return Tokenizer.valueOf(kind.name());
    }

    /** A normalizer by its name in the contract. */
    public static Normalizer normalizer(NormalizerKind kind) {
        return Normalizer.valueOf(kind.name());
    }

    /** The contract's name of a cell. */
    public static CellKind kind(Cell cell) {
        return CellKind.valueOf(cell.name());
    }

    /** The contract's name of a tokenizer. */
    public static TokenizerKind kind(Tokenizer tokenizer) {
        return TokenizerKind.valueOf(tokenizer.name());
    }

    /** The contract's name of a normalizer. */
    public static NormalizerKind kind(Normalizer normalizer) {
        return NormalizerKind.valueOf(normalizer.name());
    }

    /** A block of a corpus that is read in this way, of which nothing else is set. */
    public static TokenBlock.Builder block(Reading reading) {
        return TokenBlock.newBuilder()
                .setTokenizer(kind(reading.tokenizer()))
                .setNormalizer(kind(reading.normalizer()))
                .setNfc(reading.nfc())
                .setReservedTokens(reading.reservedTokens());
    }

    /** The spec of a corpus that is read in this way, and not trained. */
    public static CorpusSpec spec(Reading reading) {
        return builder(reading).build();
    }

    /** The spec of a corpus that is read and trained in this way. */
    public static CorpusSpec spec(Reading reading, TrainingSettings settings) {
        NetworkSettings network = settings.network();
        SamplingSettings sampling = settings.sampling();
        OptimizerSettings optimizer = settings.optimizer();
        return builder(reading)
                .setTraining(TrainingSpec.newBuilder()
                        .setCell(kind(network.cell()))
                        .setHidden(network.hidden())
                        .setLayers(network.layers())
                        .setEmbedding(network.embedding())
                        .setOutput(OutputKind.valueOf(network.output().name()))
                        .setInitialization(InitializationKind.valueOf(
                                network.initialization().name()))
                        .setBatch(sampling.batch())
                        .setWindow(sampling.window())
                        .setEpochs(settings.epochs())
                        .setMaxTokens(sampling.maxTokens())
                        .setMinFrequency(sampling.minFrequency())
                        .setValidation(sampling.validation())
                        .setGradientWindows(sampling.gradientWindows())
                        .setSegmentWindows(sampling.segmentWindows())
                        .setSampling(SamplingKind.valueOf(sampling.method().name()))
                        .setOptimizer(OptimizerKind.valueOf(optimizer.rule().name()))
                        .setLearningRate(optimizer.learningRate())
                        .setClip(optimizer.clip())
                        .setSeed(settings.seed())
                        .build())
                .build();
    }

    private static CorpusSpec.Builder builder(Reading reading) {
        return CorpusSpec.newBuilder()
                .setTokenizer(kind(reading.tokenizer()))
                .setNormalizer(kind(reading.normalizer()))
                .setNfc(reading.nfc())
                .setReservedTokens(reading.reservedTokens());
    }
}
