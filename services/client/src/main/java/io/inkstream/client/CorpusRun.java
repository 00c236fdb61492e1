package io.inkstream.client;

import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.config.Connection;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.Completion;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.FinishReason;
import io.inkstream.schemas.PrefixRequest;
import io.inkstream.schemas.ProgressKind;
import io.inkstream.schemas.TokenBlock;
import io.inkstream.schemas.TrainingProgress;
import io.inkstream.schemas.TrainingState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The way of one corpus through a pipeline that runs: its text goes in, its training is followed, its model is asked. */
public final class CorpusRun {

    private static final Duration INGEST_PATIENCE = Duration.ofSeconds(60);
    private static final Duration MANIFEST_PATIENCE = Duration.ofSeconds(60);
    private static final Duration COMPLETION_PATIENCE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(200);

    private final Connection connection;
    private final TopicNames topics;
    private final Corpora corpora;
    private final String corpus;
    private final Runnable whileWaiting;

    /**
     * Text that has become tokens.
     *
     * @param receipt where the text lies
     * @param deadLetters why records of it could not be taken, one reason each
     * @param lastBlock its last tokens; empty when nothing was left of it
     */
    public record Ingested(TextReceipt receipt, List<String> deadLetters, Optional<TokenBlock> lastBlock) {

        public Ingested {
            deadLetters = List.copyOf(deadLetters);
        }
    }

    /**
     * What was learned.
     *
     * @param manifest the last checkpoint
     * @param last what the trainer said last
     * @param tokensPerSecond average speed
     */
    public record Learned(CheckpointManifest manifest, TrainingProgress last, double tokensPerSecond) {}

    /**
     * A run that has not begun.
     *
     * @param corpus name of a corpus that has no text yet
     * @param whileWaiting called again and again; throws to end a wait, when a service is broken for instance
     */
    public CorpusRun(Connection connection, TopicNames topics, String corpus, Runnable whileWaiting) {
        this.connection = connection;
        this.topics = topics;
        this.corpora = new Corpora(connection, topics);
        this.corpus = corpus;
        this.whileWaiting = whileWaiting;
    }

    /** The corpus. */
    public String corpus() {
        return corpus;
    }

    /**
     * Sends the text and waits until it has become tokens.
     *
     * @param reading how it is read; what it says of training is published too
     */
    public Ingested ingest(TextSource text, CorpusSpec reading) {
        corpora.publish(corpus, reading);
        TextReceipt receipt;
        try (TextProducer producer = new TextProducer(connection, topics, corpus)) {
            text.records(producer::send);
            receipt = producer.flush();
        }
        new IngestWait(connection, topics).until(receipt, INGEST_PATIENCE, whileWaiting);
        return new Ingested(receipt, new DeadLetters(connection, topics).reasons(receipt), corpora.lastBlock(corpus));
    }

    /**
     * Publishes the settings and follows the training to its end.
     *
     * @param spec with training settings
     * @param display shown how it goes, again and again
     * @throws InkstreamException if training fails
     */
    public Learned train(CorpusSpec spec, Consumer<TrainingView> display) {
        TrainingView view = new TrainingView();
        try (ProgressFeed feed = new ProgressFeed(connection, topics)) {
            corpora.publish(corpus, spec);
            while (!ended(view)) {
                whileWaiting.run();
                for (ProgressFeed.News news : feed.poll(POLL)) {
                    if (corpus.equals(news.corpus()) && isOfThisTraining(view, news.progress())) {
                        view.add(news.progress());
                        display.accept(view);
                    }
                }
            }
        }
        TrainingProgress last = view.newest().orElseThrow();
        return new Learned(
                finishedManifest(), last, view.averageTokensPerSecond().orElse(last.getTokensPerSecond()));
    }

    /**
     * A completion by this very checkpoint; waits until the generator has loaded it.
     *
     * @param request its corpus is set here
     * @throws InkstreamException if the generator cannot answer, or goes on answering with another checkpoint
     */
    public Completion complete(CompletionClient client, PrefixRequest.Builder request, CheckpointManifest manifest) {
        PrefixRequest asked = request.setCorpus(corpus).build();
        long deadline = System.nanoTime() + COMPLETION_PATIENCE.toNanos();
        while (true) {
            Completion completion = client.complete(asked, COMPLETION_PATIENCE);
            boolean error = completion.getFinish() == FinishReason.ERROR;
            if (!error && completion.getCheckpoint().getSha256().equals(manifest.getSha256())) {
                return completion;
            }
            whileWaiting.run();
            if (System.nanoTime() > deadline) {
                throw new InkstreamException(
                        error
                                ? "The generator could not complete '%s': %s"
                                        .formatted(asked.getPrefix(), completion.getError())
                                : "The generator still answers with an older checkpoint after %d s."
                                        .formatted(COMPLETION_PATIENCE.toSeconds()));
            }
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
            whileWaiting.run();
            Optional<CheckpointManifest> manifest =
                    corpora.newestCheckpoint(corpus).filter(CheckpointManifest::getFinished);
            if (manifest.isPresent()) {
                return manifest.get();
            }
        }
        throw new InkstreamException("Training of '%s' is done, but its last checkpoint did not appear within %d s."
                .formatted(corpus, MANIFEST_PATIENCE.toSeconds()));
    }
}
