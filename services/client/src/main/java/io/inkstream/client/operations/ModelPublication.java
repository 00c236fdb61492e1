package io.inkstream.client.operations;

import io.inkstream.client.Corpora;
import io.inkstream.client.SpecPublisher;
import io.inkstream.corpuslog.checkpoints.CheckpointReader;
import io.inkstream.corpuslog.checkpoints.CheckpointRejectedException;
import io.inkstream.corpuslog.checkpoints.CheckpointSlots;
import io.inkstream.corpuslog.checkpoints.CheckpointTransactions;
import io.inkstream.corpuslog.checkpoints.ManifestDraft;
import io.inkstream.corpuslog.checkpoints.NextManifest;
import io.inkstream.corpuslog.checkpoints.OwnershipLostException;
import io.inkstream.corpuslog.checkpoints.PreparedCheckpoint;
import io.inkstream.corpuslog.checkpoints.TransactionTimedOutException;
import io.inkstream.corpuslog.checkpoints.TransactionTimeout;
import io.inkstream.corpuslog.topics.CorpusPartition;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.languagemodel.checkpoint.Checkpoint;
import io.inkstream.languagemodel.checkpoint.TensorFile;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.config.Connection;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.CorpusSpec;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Publishes a model that was trained elsewhere, as a checkpoint that generators serve. */
public final class ModelPublication {

    private static final CheckpointSlots SLOTS = new CheckpointSlots(4, 0);

    private final Connection connection;
    private final TopicNames topics;
    private final Corpora corpora;

    /** Publications on these topics. */
    public ModelPublication(Connection connection, TopicNames topics) {
        this.connection = connection;
        this.topics = topics;
        this.corpora = new Corpora(connection, topics);
    }

    /**
     * Commits chunks and manifest in one transaction and reads them back. An earlier import of this name is replaced. The
     * trainer that owns the partition is fenced for that time, and takes it over again afterwards.
     *
     * @param corpus a name without text, training settings or a trained model
     * @param model what to serve
     * @param spec how its text was read; without training settings
     * @param origin where it came from
     * @return the manifest as it was committed
     * @throws InkstreamException if the name is taken, or it cannot be written
     */
    public CheckpointManifest publish(String corpus, Checkpoint model, CorpusSpec spec, String origin) {
        requireFree(corpus, corpora.newestCheckpoint(corpus));
        new SpecPublisher(connection, topics).publish(corpus, spec);
        CheckpointManifest committed = commit(corpus, model, spec, origin);
        new CheckpointReader(connection, topics).read(corpus, committed, Checkpoint::read); // verifies size and SHA-256
        return committed;
    }

    /** While it lasts, the import owns the partition, as a rollback does: nobody else can commit there. */
    private CheckpointManifest commit(String corpus, Checkpoint model, CorpusSpec spec, String origin) {
        TensorFile file = model.file();
        TransactionTimeout timeout = TransactionTimeout.configured(connection).forBytes(file.bytes());
        try (CheckpointTransactions transactions =
                new CheckpointTransactions(connection, topics, partition(corpus), timeout)) {
            // From here on nobody else can commit.
            Optional<CheckpointManifest> before = corpora.newestCheckpoint(corpus);
            requireFree(corpus, before);
            ManifestDraft manifest = NextManifest.after(before).imported(model, SLOTS, spec, origin);
            return transactions.commitCheckpoint(PreparedCheckpoint.of(corpus, file, manifest));
        } catch (CheckpointRejectedException | TransactionTimedOutException e) {
            throw new InkstreamException(
                    "The model of '%s' could not be published: %s".formatted(corpus, e.getMessage()), e);
        } catch (OwnershipLostException e) {
            throw new InkstreamException(
                    "The model of '%s' could not be published, as a trainer has taken over its partition meanwhile: nothing of it is visible; try again."
                            .formatted(corpus),
                    e);
        } catch (KafkaException e) {
            throw new InkstreamException(
                    "The model of '%s' could not be published (%s): nothing of it is visible; try again."
                            .formatted(corpus, e.getMessage()),
                    e);
        }
    }

    private void requireFree(String corpus, Optional<CheckpointManifest> newest) {
        String taken = null;
        if (corpora.lastBlock(corpus).isPresent()) {
            taken = "text";
        } else if (corpora.spec(corpus).map(CorpusSpec::getTraining).isPresent()) {
            taken = "training settings";
        } else if (newest.filter(manifest -> manifest.getImported() == null).isPresent()) {
            taken = "a model that was trained here";
        }
        if (taken != null) {
            throw new InkstreamException(
                    "Corpus '%s' has %s, which an imported model would not go with: take another name with --corpus."
                            .formatted(corpus, taken));
        }
    }

    private int partition(String corpus) {
        Map<String, Object> properties = connection.clientProperties();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            return new CorpusPartition(
                            consumer.partitionsFor(topics.of(Topic.MODELS)).size())
                    .of(corpus);
        }
    }
}
