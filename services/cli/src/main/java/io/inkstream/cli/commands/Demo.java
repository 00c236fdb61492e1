package io.inkstream.cli.commands;

import io.inkstream.cli.output.Formatting;
import io.inkstream.cli.output.SchemaChoices;
import io.inkstream.cli.output.Screen;
import io.inkstream.cli.output.TrainingDisplay;
import io.inkstream.client.CompletionClient;
import io.inkstream.client.CorpusRun;
import io.inkstream.client.CorpusState;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.config.Connection;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.Completion;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.PrefixRequest;
import io.inkstream.schemas.TokenBlock;
import io.inkstream.schemas.TrainingSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes one text through a running pipeline, and prints each step. */
final class Demo {

    private static final double TEMPERATURE = 0.7;
    private static final int COMPLETION_TOKENS = 50;

    private final Screen screen;
    private final Connection connection;
    private final TopicNames topics;
    private final CorpusRun run;
    private final CorpusSpec reading;

    /**
     * A demo that has not started.
     *
     * @param reading how its text is read
     */
    Demo(Screen screen, Connection connection, TopicNames topics, CorpusRun run, CorpusSpec reading) {
        this.screen = screen;
        this.connection = connection;
        this.topics = topics;
        this.run = run;
        this.reading = reading;
    }

    /**
     * Sends the text and waits until it has become tokens.
     *
     * @return the last block of tokens
     */
    TokenBlock ingest(DemoText text) {
        CorpusRun.Ingested ingested = run.ingest(text.source(), reading);
        screen.out()
                .println("Sent %s to %s: partition %d, %s."
                        .formatted(
                                Formatting.count(ingested.receipt().records(), "record"),
                                ingested.receipt().topic(),
                                ingested.receipt().partition(),
                                Formatting.offsets(
                                        ingested.receipt().firstOffset(),
                                        ingested.receipt().lastOffset())));
        if (!ingested.deadLetters().isEmpty()) {
            screen.out()
                    .println("%s rejected; the first error: %s"
                            .formatted(
                                    Formatting.count(ingested.deadLetters().size(), "record"),
                                    ingested.deadLetters().get(0)));
        }
        TokenBlock last = ingested.lastBlock()
                .orElseThrow(() -> new InkstreamException(
                        "There is nothing to learn in %s: the normalizer '%s' removes all of it; try --normalizer verbatim."
                                .formatted(text.title(), SchemaChoices.word(reading.getNormalizer()))));
        screen.out()
                .println("Ingest made %s of it: a vocabulary of %s."
                        .formatted(
                                Formatting.count(CorpusState.tokensUpTo(last), "token"),
                                Formatting.count(CorpusState.vocabularyAfter(last))));
        return last;
    }

    /** Trains to the end and prints the result. */
    CorpusRun.Learned train(TrainingSpec training) {
        TrainingDisplay display = new TrainingDisplay(screen);
        CorpusRun.Learned learned =
                run.train(CorpusSpec.newBuilder(reading).setTraining(training).build(), display::show);
        CheckpointManifest manifest = learned.manifest();
        screen.out()
                .println("Trained to perplexity %s at %s tokens/s on %s with the %s engine."
                        .formatted(
                                Formatting.perplexities(manifest.getPerplexity(), manifest.getValidationPerplexity()),
                                Formatting.count(Math.round(learned.tokensPerSecond())),
                                manifest.getDevice(),
                                manifest.getEngine()));
        if (training.getMinFrequency() > 1) {
            screen.out().println(Formatting.unknown(learned.last()) + ".");
        }
        return learned;
    }

    /** A greedy and a sampled completion of each prefix, by the last checkpoint. */
    List<Completion> complete(List<String> prefixes, CheckpointManifest manifest, long seed) {
        List<Completion> completions = new ArrayList<>();
        try (CompletionClient client = new CompletionClient(connection, topics)) {
            for (String prefix : prefixes) {
                completions.add(run.complete(client, request(prefix, 0, null), manifest));
                completions.add(run.complete(client, request(prefix, TEMPERATURE, seed), manifest));
            }
        }
        return completions;
    }

    private static PrefixRequest.Builder request(String prefix, double temperature, @Nullable Long seed) {
        return PrefixRequest.newBuilder()
                .setPrefix(prefix)
                .setMaxTokens(COMPLETION_TOKENS)
                .setTemperature(temperature)
                .setSeed(seed);
    }
}
