package io.inkstream.client;

import io.inkstream.client.deadletters.DeadLetters;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.registry.TrustedSchemas;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.TrainingProgress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where an application begins: all that it can do with a pipeline, over one connection and one set of topics. It holds no resources
 * of its own; whoever opens a producer, a feed or a client with it closes that. Safe for use by several threads.
 *
 * @param connection how to reach Kafka and the schema registry
 * @param topics the names of the pipeline's topics
 */
public record InkstreamClient(Connection connection, TopicNames topics) {

    static {
        TrustedSchemas.trust(); // an application may build a spec or a request before it opens anything
    }

    /** A client of the topics with the default prefix, without further Kafka properties. */
    public static InkstreamClient connect(String bootstrapServers, String schemaRegistryUrl) {
        return new InkstreamClient(
                new Connection(bootstrapServers, schemaRegistryUrl), new TopicNames(TopicNames.DEFAULT_PREFIX));
    }

    /** Opens a producer for the text of a corpus. */
    public TextProducer text(String corpus) {
        return new TextProducer(connection, topics, corpus);
    }

    /**
     * Waits until ingest has turned text into tokens, or into dead letters, and they can be read.
     *
     * @param timeout how long the wait may make no progress
     * @throws InkstreamException if it makes none for so long
     */
    public void awaitIngest(TextReceipt text, Duration timeout) {
        new IngestWait(connection, topics).until(text, timeout, () -> {});
    }

    /** Publishes how corpora are read and trained. */
    public SpecPublisher specs() {
        return new SpecPublisher(connection, topics);
    }

    /**
     * Opens a feed of training progress, from now on.
     *
     * @throws InkstreamException if the topic does not exist, which trainers create when they start
     */
    public ProgressFeed progress() {
        return new ProgressFeed(connection, topics);
    }

    /**
     * Opens a client of the generators.
     *
     * @throws InkstreamException if their topics do not exist, which generators create when they start
     */
    public CompletionClient completions() {
        return new CompletionClient(connection, topics);
    }

    /** What the topics hold about the corpora. */
    public Corpora corpora() {
        return new Corpora(connection, topics);
    }

    /**
     * The checkpoints of a corpus that the topics list at this moment.
     *
     * @throws InkstreamException if it has none
     */
    public Checkpoints checkpoints(String corpus) {
        return Checkpoints.read(connection, topics, corpus);
    }

    /**
     * The newest checkpoint of a corpus, as soon as it has one; empty if none is committed within this time.
     *
     * @throws InkstreamException if the topic cannot be followed
     * @throws InterruptedException if the thread is interrupted
     */
    public Optional<CheckpointManifest> awaitCheckpoint(String corpus, Duration timeout) throws InterruptedException {
        return new CheckpointWait(connection, topics).newest(corpus, timeout);
    }

    /** The trainings of a corpus that the progress topic still holds. */
    public TrainingHistory history(String corpus) {
        return TrainingHistory.read(connection, topics, corpus);
    }

    /** The progress records of completed epochs of a corpus that the topic still holds, oldest first. */
    public List<TrainingProgress> completedEpochs(String corpus) {
        return TrainingHistory.records(connection, topics, corpus);
    }

    /** The records that a service has rejected, and why. */
    public DeadLetters deadLetters() {
        return new DeadLetters(connection, topics);
    }
}
