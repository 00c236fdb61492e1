package io.inkstream.trainer.specs;

import io.inkstream.languagemodel.network.Cell;
import io.inkstream.languagemodel.sampling.Sampler;
import io.inkstream.languagemodel.settings.OptimizerRule;
import io.inkstream.languagemodel.settings.TrainingSettings;
import io.inkstream.languagemodel.text.Normalizer;
import io.inkstream.languagemodel.text.Tokenizer;
import io.inkstream.schemas.CellKind;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.NormalizerKind;
import io.inkstream.schemas.OptimizerKind;
import io.inkstream.schemas.SamplingKind;
import io.inkstream.schemas.TokenizerKind;
import io.inkstream.schemas.TrainingSpec;

/** Turns the Avro contract into the language model's own types, and back. The enums have the same symbols. */
public final class SpecReading {

    private SpecReading() {}

    /**
     * The settings that a spec asks for.
     *
     * @throws IllegalArgumentException if a value is impossible, saying which
     */
    public static TrainingSettings settings(TrainingSpec spec) {
        return new TrainingSettings(
                Cell.valueOf(spec.getCell().name()),
                spec.getHidden(),
                spec.getLayers(),
                spec.getEmbedding(),
                spec.getBatch(),
                spec.getWindow(),
                spec.getEpochs(),
                spec.getMaxTokens(),
                spec.getMinFrequency(),
                Sampler.Method.valueOf(spec.getSampling().name()),
                OptimizerRule.valueOf(spec.getOptimizer().name()),
                spec.getLearningRate(),
                spec.getClip(),
                spec.getSeed());
    }

    /** The spec of a corpus that is read and trained in this way. */
    public static CorpusSpec spec(Tokenizer tokenizer, Normalizer normalizer, TrainingSettings settings) {
        return CorpusSpec.newBuilder()
                .setTokenizer(TokenizerKind.valueOf(tokenizer.name()))
                .setNormalizer(NormalizerKind.valueOf(normalizer.name()))
                .setTraining(TrainingSpec.newBuilder()
                        .setCell(CellKind.valueOf(settings.cell().name()))
                        .setHidden(settings.hidden())
                        .setLayers(settings.layers())
                        .setEmbedding(settings.embedding())
                        .setBatch(settings.batch())
                        .setWindow(settings.window())
                        .setEpochs(settings.epochs())
                        .setMaxTokens(settings.maxTokens())
                        .setMinFrequency(settings.minFrequency())
                        .setSampling(SamplingKind.valueOf(settings.sampling().name()))
                        .setOptimizer(OptimizerKind.valueOf(settings.optimizer().name()))
                        .setLearningRate(settings.learningRate())
                        .setClip(settings.clip())
                        .setSeed(settings.seed())
                        .build())
                .build();
    }
}
