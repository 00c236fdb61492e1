package io.inkstream.client;

import io.inkstream.client.deadletters.DeadLetters;
import io.inkstream.client.text.TextSource;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.config.Connection;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.Completion;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.FinishReason;
import io.inkstream.schemas.PrefixRequest;
import io.inkstream.schemas.TokenBlock;
import io.inkstream.schemas.TrainingProgress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Takes one corpus through a running pipeline: sends its text, follows its training, asks its model for completions. */
public final class CorpusRun {

    private static final Duration INGEST_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration MANIFEST_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration COMPLETION_TIMEOUT = Duration.ofSeconds(30);

    private final Connection connection;
    private final TopicNames topics;
    private final Corpora corpora;
    private final SpecPublisher specs;
    private final String corpus;
    private final Runnable whileWaiting;

    /**
     * Text that has become tokens.
     *
     * @param receipt where the text lies
     * @param deadLetters the reasons for which records of it were rejected, one for each
     * @param lastBlock its last tokens; empty if the normalizer left none
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
     * @param last the trainer's last progress record
     * @param tokensPerSecond average speed
     */
    public record Learned(CheckpointManifest manifest, TrainingProgress last, double tokensPerSecond) {}

    /**
     * A run that has not begun.
     *
     * @param corpus name of a corpus that has no text yet
     * @param whileWaiting called repeatedly; throws to end a wait, for instance when a service has failed
     */
    public CorpusRun(Connection connection, TopicNames topics, String corpus, Runnable whileWaiting) {
        this.connection = connection;
        this.topics = topics;
        this.corpora = new Corpora(connection, topics);
        this.specs = new SpecPublisher(connection, topics);
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
     * @param reading how it is read; training settings in it are published too
     */
    public Ingested ingest(TextSource text, CorpusSpec reading) {
        specs.publish(corpus, reading);
        TextReceipt receipt;
        try (TextProducer producer = new TextProducer(connection, topics, corpus)) {
            text.records(producer::send);
            receipt = producer.flush();
        }
        new IngestWait(connection, topics).until(receipt, INGEST_TIMEOUT, whileWaiting);
        return new Ingested(
                receipt,
                new DeadLetters(connection, topics).reasons(receipt.topic(), receipt.partition()),
                corpora.lastBlock(corpus));
    }

    /**
     * Publishes the spec and follows the training to its end.
     *
     * @param spec with training settings
     * @param display called after each progress record, with what they add up to
     * @throws InkstreamException if training fails
     */
    public Learned train(CorpusSpec spec, Consumer<TrainingView> display) {
        TrainingView view;
        try (ProgressFeed feed = new ProgressFeed(connection, topics)) {
            specs.publish(corpus, spec);
            view = feed.follow(corpus, display, whileWaiting);
        }
        TrainingProgress last = view.newest().orElseThrow();
        return new Learned(
                finishedManifest(), last, view.averageTokensPerSecond().orElse(last.getTokensPerSecond()));
    }

    /**
     * A completion by exactly this checkpoint; waits until the generator has loaded it.
     *
     * @param request its corpus is set here
     * @throws InkstreamException if the generator cannot complete the prefix, or keeps replying with another checkpoint
     */
    public Completion complete(CompletionClient client, PrefixRequest.Builder request, CheckpointManifest manifest) {
        PrefixRequest asked = request.setCorpus(corpus).build();
        long deadline = System.nanoTime() + COMPLETION_TIMEOUT.toNanos();
        while (true) {
            Completion completion = client.complete(asked, COMPLETION_TIMEOUT);
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
                                : "The generator still replies with an older checkpoint after %d s."
                                        .formatted(COMPLETION_TIMEOUT.toSeconds()));
            }
        }
    }

    /** Manifest and last progress are committed together, but become visible partition by partition. */
    private CheckpointManifest finishedManifest() {
        long deadline = System.nanoTime() + MANIFEST_TIMEOUT.toNanos();
        while (System.nanoTime() < deadline) {
            whileWaiting.run();
            Optional<CheckpointManifest> manifest =
                    corpora.newestCheckpoint(corpus).filter(CheckpointManifest::getFinished);
            if (manifest.isPresent()) {
                return manifest.get();
            }
        }
        throw new InkstreamException("Training of '%s' is done, but its last checkpoint did not appear within %d s."
                .formatted(corpus, MANIFEST_TIMEOUT.toSeconds()));
    }
}
