package io.inkstream.lessons.presets;

import io.inkstream.client.CompletionClient;
import io.inkstream.client.CorpusRun;
import io.inkstream.client.CorpusState;
import io.inkstream.client.TrainingView;
import io.inkstream.client.text.TextSource;
import io.inkstream.corpuslog.specs.SpecConversion;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.languagemodel.settings.SamplingSettings;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.config.Connection;
import io.inkstream.schemas.Completion;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.PrefixRequest;
import io.inkstream.schemas.TrainingSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * Runs presets through a pipeline, one after the other: each seed is a corpus of its own, so it begins with nothing.
 *
 * @param connection how to reach the pipeline
 * @param topics its topics
 * @param epochs epochs instead of the presets' own, to try them out
 * @param whileWaiting called again and again; throws to end a wait, when a service is broken for instance
 */
public record Reproduction(Connection connection, TopicNames topics, OptionalInt epochs, Runnable whileWaiting) {

    /**
     * Runs a preset with one seed.
     *
     * @param text what the preset reads
     * @param display is shown how the training goes
     * @throws InkstreamException if a step cannot be done
     */
    public SeedRun run(Preset preset, long seed, TextSource text, Consumer<TrainingView> display) {
        long began = System.nanoTime();
        CorpusRun run = new CorpusRun(connection, topics, preset.name() + "-" + seed, whileWaiting);
        CorpusRun.Ingested ingested = run.ingest(text, preset.reading());
        TrainingSpec training = training(preset, seed);
        requireEnough(preset, text, ingested, SpecConversion.settings(training).sampling());
        CorpusRun.Learned learned = run.train(
                CorpusSpec.newBuilder(preset.reading()).setTraining(training).build(), display);
        List<Completion> completions = completions(preset, run, learned);
        return new SeedRun(seed, run.corpus(), learned, completions, Duration.ofNanos(System.nanoTime() - began));
    }

    /** True when presets are trained as they are published. */
    public boolean isFaithful() {
        return epochs.isEmpty();
    }

    /** The settings that a preset is run with. */
    public TrainingSpec training(Preset preset, long seed) {
        return TrainingSpec.newBuilder(preset.training())
                .setSeed(seed)
                .setEpochs(epochs.orElse(preset.training().getEpochs()))
                .build();
    }

    /** The trainer would wait for more text. */
    private static void requireEnough(
            Preset preset, TextSource text, CorpusRun.Ingested ingested, SamplingSettings sampling) {
        long tokens = ingested.lastBlock().map(CorpusState::tokensUpTo).orElse(0L);
        if (!sampling.enough(tokens)) {
            throw new InkstreamException(String.format(
                    Locale.ROOT,
                    "%s gives %,d tokens, and %s needs %,d: name a longer text.",
                    text.name(),
                    tokens,
                    preset.name(),
                    sampling.fewestUsable()));
        }
    }

    private List<Completion> completions(Preset preset, CorpusRun run, CorpusRun.Learned learned) {
        List<Completion> completions = new ArrayList<>();
        try (CompletionClient client = new CompletionClient(connection, topics)) {
            for (Prefix prefix : preset.prefixes()) {
                PrefixRequest.Builder request =
                        PrefixRequest.newBuilder().setPrefix(prefix.text()).setMaxTokens(preset.completionTokens());
                completions.add(run.complete(client, request, learned.manifest()));
            }
        }
        return completions;
    }
}
