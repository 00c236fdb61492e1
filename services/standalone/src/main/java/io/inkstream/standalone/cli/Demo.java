package io.inkstream.standalone.cli;

import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.topics.TopicNames;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.Completion;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.FinishReason;
import io.inkstream.schemas.NormalizerKind;
import io.inkstream.schemas.PrefixRequest;
import io.inkstream.schemas.ProgressKind;
import io.inkstream.schemas.TokenBlock;
import io.inkstream.schemas.TokenizerKind;
import io.inkstream.schemas.TrainingProgress;
import io.inkstream.schemas.TrainingSpec;
import io.inkstream.schemas.TrainingState;
import io.inkstream.standalone.client.CompletionClient;
import io.inkstream.standalone.client.Corpora;
import io.inkstream.standalone.client.CorpusState;
import io.inkstream.standalone.client.DeadLetters;
import io.inkstream.standalone.client.IngestWait;
import io.inkstream.standalone.client.ProgressFeed;
import io.inkstream.standalone.client.TextProducer;
import io.inkstream.standalone.client.TextReceipt;
import io.inkstream.standalone.client.TrainingView;
import io.inkstream.standalone.stack.EmbeddedStack;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The way of one text through a running stack, told as it goes. */
final class Demo {

    private static final Duration INGEST_PATIENCE = Duration.ofSeconds(60);
    private static final Duration MANIFEST_PATIENCE = Duration.ofSeconds(60);
    private static final Duration COMPLETION_PATIENCE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final double TEMPERATURE = 0.7;
    private static final int COMPLETION_TOKENS = 50;

    private final Screen screen;
    private final EmbeddedStack stack;
    private final Connection connection;
    private final TopicNames topics;
    private final Corpora corpora;
    private final String corpus;

    /**
     * What was learned.
     *
     * @param manifest the last checkpoint
     * @param tokens tokens that were trained on
     * @param tokensPerSecond average speed
     */
    record Learned(CheckpointManifest manifest, long tokens, double tokensPerSecond) {}

    Demo(Screen screen, EmbeddedStack stack, TopicNames topics, String corpus) {
        this.screen = screen;
        this.stack = stack;
        this.connection = stack.connection();
        this.topics = topics;
        this.corpora = new Corpora(connection, topics);
        this.corpus = corpus;
    }

    /**
     * Sends the text and waits until it has become tokens.
     *
     * @return the last block of tokens
     */
    TokenBlock ingest(DemoText text, TokenizerKind tokenizer, NormalizerKind normalizer) {
        corpora.publish(corpus, spec(tokenizer, normalizer, null));
        TextReceipt receipt;
        try (TextProducer producer = new TextProducer(connection, topics, corpus)) {
            text.source().records(producer::send);
            receipt = producer.flush();
        }
        screen.out()
                .println("Sent %s to %s: partition %d, %s."
                        .formatted(
                                Words.count(receipt.records(), "record"),
                                receipt.topic(),
                                receipt.partition(),
                                Words.offsets(receipt.firstOffset(), receipt.lastOffset())));
        new IngestWait(connection, topics).until(receipt, INGEST_PATIENCE, stack::requireLive);
        reportDeadLetters(receipt);
        TokenBlock last = corpora.lastBlock(corpus)
                .orElseThrow(() -> new InkstreamException(
                        "Nothing of %s was left to learn: the normalizer '%s' takes all of it away; try --normalizer verbatim."
                                .formatted(text.title(), SchemaChoices.word(normalizer))));
        screen.out()
                .println("Ingest made %s of it: a vocabulary of %s."
                        .formatted(
                                Words.count(CorpusState.tokensUpTo(last), "token"),
                                Words.count(CorpusState.vocabularyAfter(last))));
        return last;
    }

    /** Publishes the settings and follows the training to its end. */
    Learned train(TokenBlock last, TrainingSpec training) {
        long tokens = used(last, training);
        TrainingView view = new TrainingView();
        TrainingDisplay display = new TrainingDisplay(screen);
        try (ProgressFeed feed = new ProgressFeed(connection, topics)) {
            corpora.publish(corpus, spec(last.getTokenizer(), last.getNormalizer(), training));
            while (!ended(view)) {
                stack.requireLive();
                for (ProgressFeed.News news : feed.poll(POLL)) {
                    if (corpus.equals(news.corpus()) && isOfThisTraining(view, news.progress())) {
                        view.add(news.progress());
                        display.show(view);
                    }
                }
            }
        }
        CheckpointManifest manifest = finishedManifest();
        double speed = view.averageTokensPerSecond()
                .orElse(view.newest().map(TrainingProgress::getTokensPerSecond).orElse(0.0));
        return new Learned(manifest, tokens, speed);
    }

    /** A greedy and a sampled completion of each prefix, by the last checkpoint. */
    List<Completion> complete(List<String> prefixes, CheckpointManifest manifest, long seed) {
        List<Completion> completions = new ArrayList<>();
        try (CompletionClient client = new CompletionClient(connection, topics)) {
            for (String prefix : prefixes) {
                completions.add(complete(client, prefix, 0, null, manifest));
                completions.add(complete(client, prefix, TEMPERATURE, seed, manifest));
            }
        }
        return completions;
    }

    /** Tokens of the corpus that an epoch covers. */
    static long used(TokenBlock last, TrainingSpec training) {
        long tokens = CorpusState.tokensUpTo(last);
        return training.getMaxTokens() > 0 ? Math.min(tokens, training.getMaxTokens()) : tokens;
    }

    private Completion complete(
            CompletionClient client, String prefix, double temperature, Long seed, CheckpointManifest manifest) {
        PrefixRequest request = PrefixRequest.newBuilder()
                .setCorpus(corpus)
                .setPrefix(prefix)
                .setMaxTokens(COMPLETION_TOKENS)
                .setTemperature(temperature)
                .setSeed(seed)
                .build();
        long deadline = System.nanoTime() + COMPLETION_PATIENCE.toNanos();
        while (true) {
            Completion completion = client.complete(request, COMPLETION_PATIENCE);
            boolean error = completion.getFinish() == FinishReason.ERROR;
            boolean newest = !error && completion.getCheckpoint().getSha256().equals(manifest.getSha256());
            if (newest) {
                return completion;
            }
            // The generator may need a moment to load the last checkpoint.
            if (System.nanoTime() > deadline) {
                throw new InkstreamException(
                        error
                                ? "The generator could not complete '%s': %s".formatted(prefix, completion.getError())
                                : "The generator still answers with an older checkpoint after %d s."
                                        .formatted(COMPLETION_PATIENCE.toSeconds()));
            }
        }
    }

    private void reportDeadLetters(TextReceipt receipt) {
        List<String> reasons = DeadLetters.reasons(connection, topics, receipt);
        if (!reasons.isEmpty()) {
            screen.out()
                    .println("%s could not be taken in; the first reason: %s"
                            .formatted(Words.count(reasons.size(), "record"), reasons.get(0)));
        }
    }

    /** Before it has read the settings, the trainer may still say that it waits for them. */
    private static boolean isOfThisTraining(TrainingView view, TrainingProgress progress) {
        return view.newest().isPresent() || progress.getState() != TrainingState.WAITING;
    }

    private boolean ended(TrainingView view) {
        Optional<TrainingProgress> newest = view.newest();
        if (newest.isEmpty()) {
            return false;
        }
        if (newest.get().getState() == TrainingState.FAILED) {
            throw new InkstreamException(
                    "Training of '%s' failed: %s".formatted(corpus, newest.get().getMessage()));
        }
        boolean lastEpoch =
                newest.get().getKind() == ProgressKind.EPOCH && newest.get().getEpochsLeft() == 0;
        return lastEpoch || newest.get().getState() == TrainingState.DONE;
    }

    /** Manifest and last progress are committed together, but become visible partition by partition. */
    private CheckpointManifest finishedManifest() {
        long deadline = System.nanoTime() + MANIFEST_PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            stack.requireLive();
            Optional<CheckpointManifest> manifest =
                    corpora.newestCheckpoint(corpus).filter(CheckpointManifest::getFinished);
            if (manifest.isPresent()) {
                return manifest.get();
            }
        }
        throw new InkstreamException("Training of '%s' is done, but its last checkpoint did not appear within %d s."
                .formatted(corpus, MANIFEST_PATIENCE.toSeconds()));
    }

    private static CorpusSpec spec(TokenizerKind tokenizer, NormalizerKind normalizer, TrainingSpec training) {
        return CorpusSpec.newBuilder()
                .setTokenizer(tokenizer)
                .setNormalizer(normalizer)
                .setTraining(training)
                .build();
    }
}
