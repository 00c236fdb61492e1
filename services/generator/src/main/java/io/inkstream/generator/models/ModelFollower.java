package io.inkstream.generator.models;

import io.inkstream.corpuslog.topics.HomeRecords;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.consumers.ConsumerFactory;
import io.inkstream.platform.consumers.FollowedTopic;
import io.inkstream.platform.consumers.TopicFollower;
import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.platform.registry.RegistryContact;
import io.inkstream.schemas.CheckpointManifest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the catalogue up to date with the topics {@code models} and {@code corpora}: reads all partitions of both from the
 * beginning, committed records only, and then follows them. Records outside the partition of their corpus are ignored.
 */
public final class ModelFollower implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ModelFollower.class);

    private final ModelCatalogue catalogue;
    private final Consumer<String> changed;
    private final Deserializer<CheckpointManifest> manifests;
    private final TopicFollower follower;
    private final CountDownLatch caughtUp = new CountDownLatch(1);

    /**
     * A follower that is not started yet.
     *
     * @param consumers opens its consumer
     * @param changed receives the corpus after the catalogue's entry for its model has changed
     * @param registry records whether the registry answers
     */
    public ModelFollower(
            Connection connection,
            ConsumerFactory consumers,
            TopicNames topics,
            ModelCatalogue catalogue,
            Consumer<String> changed,
            RegistryContact registry) {
        this.catalogue = catalogue;
        this.changed = changed;
        this.manifests = RecordSerdes.deserializer(connection, CheckpointManifest.class, registry);
        this.follower = new TopicFollower(
                "generator-models",
                () -> consumers.open(topics.group("generator") + "-models"),
                TopicFollower.Start.BEGINNING,
                List.of(
                        new FollowedTopic(topics.of(Topic.MODELS), HomeRecords::byCorpus, this::readManifest),
                        new FollowedTopic(topics.of(Topic.CORPORA), HomeRecords::byCorpus, this::readSpec)));
    }

    /**
     * Starts following.
     *
     * @param broken receives a failure that ends it
     */
    public void start(Consumer<Throwable> broken) {
        follower.start(new TopicFollower.Listener() {
            @Override
            public void changed() {
                // The catalogue was changed record by record.
            }

            @Override
            public void caughtUp() {
                log.atInfo().addKeyValue("corpora", catalogue.trained()).log("List of models read");
                caughtUp.countDown();
            }

            @Override
            public void failed(Throwable failure) {
                broken.accept(failure);
            }
        });
    }

    /** Opens when everything that was committed at the start has been read. */
    public CountDownLatch caughtUp() {
        return caughtUp;
    }

    @Override
    public void close() {
        follower.close();
        manifests.close();
    }

    private boolean readSpec(ConsumerRecord<byte[], byte[]> record) {
        if (record.key() == null) {
            return skip(record, "it has no key");
        }
        catalogue.described(corpus(record), record.value() != null);
        return true;
    }

    private boolean readManifest(ConsumerRecord<byte[], byte[]> record) {
        if (record.key() == null) {
            return skip(record, "it has no key");
        }
        String corpus = corpus(record);
        if (record.value() == null) {
            catalogue.remove(corpus);
        } else {
            try {
                catalogue.put(corpus, manifests.deserialize(record.topic(), record.value()));
            } catch (SerializationException e) {
                return skip(record, e.toString());
            }
        }
        changed.accept(corpus);
        return true;
    }

    private static String corpus(ConsumerRecord<byte[], byte[]> record) {
        return new String(record.key(), StandardCharsets.UTF_8);
    }

    private static boolean skip(ConsumerRecord<byte[], byte[]> record, String error) {
        log.atError()
                .addKeyValue("topic", record.topic())
                .addKeyValue("partition", record.partition())
                .addKeyValue("offset", record.offset())
                .addKeyValue("error", error)
                .log("Skipping a record that cannot be read; the corpus keeps its previous one");
        return false;
    }
}
