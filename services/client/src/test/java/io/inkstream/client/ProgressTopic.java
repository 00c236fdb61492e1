package io.inkstream.client;

import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.schemas.ProgressKind;
import io.inkstream.schemas.TrainingProgress;
import io.inkstream.schemas.TrainingState;
import io.inkstream.testsupport.EndedTransactions;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.StringSerializer;

/** Stands in for a trainer: writes epochs in transactions, and live progress without. */
@SuppressWarnings("FutureReturnValueIgnored") // what was not sent is missed by the test
public final class ProgressTopic implements AutoCloseable {

    private final Connection connection;
    private final String topic;
    private final Serde<TrainingProgress> serde;
    private final KafkaProducer<String, TrainingProgress> live;
    private final KafkaProducer<String, TrainingProgress> epochs;

    public ProgressTopic(Connection connection, TopicNames topics) {
        this.connection = connection;
        this.topic = topics.of(Topic.PROGRESS);
        this.serde = RecordSerdes.serde(connection, TrainingProgress.class);
        Map<String, Object> properties = connection.clientProperties();
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 20);
        this.live = new KafkaProducer<>(properties, new StringSerializer(), serde.serializer());
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, topics.prefix() + "-trainer");
        this.epochs = new KafkaProducer<>(properties, new StringSerializer(), serde.serializer());
        epochs.initTransactions();
    }

    public void live(String corpus, int count) {
        for (int i = 0; i < count; i++) {
            live.send(new ProducerRecord<>(topic, corpus, progress(ProgressKind.LIVE, i, 2.0, null)));
        }
        live.flush();
    }

    public void commit(String corpus, TrainingProgress... records) {
        epochs.beginTransaction();
        for (TrainingProgress progress : records) {
            epochs.send(new ProducerRecord<>(topic, corpus, progress));
        }
        epochs.commitTransaction();
        EndedTransactions.awaitMarkers(connection);
    }

    public void abort(String corpus, TrainingProgress progress) {
        epochs.beginTransaction();
        epochs.send(new ProducerRecord<>(topic, corpus, progress));
        epochs.flush();
        epochs.abortTransaction();
        EndedTransactions.awaitMarkers(connection);
    }

    public static TrainingProgress epoch(int number, Double perplexity, Double validation) {
        return progress(ProgressKind.EPOCH, number, perplexity, validation);
    }

    public static TrainingProgress live(int number) {
        return progress(ProgressKind.LIVE, number, 2.0, null);
    }

    private static TrainingProgress progress(ProgressKind kind, int epoch, Double perplexity, Double validation) {
        return TrainingProgress.newBuilder()
                .setKind(kind)
                .setState(TrainingState.TRAINING)
                .setEpoch(epoch)
                .setEpochsLeft(1)
                .setStep(epoch)
                .setEpochTokens(1_000)
                .setKnownTokens(1_000)
                .setTokensTrained(1_000L * epoch)
                .setVocabularySize(28)
                .setPerplexity(perplexity)
                .setValidationPerplexity(validation)
                .setTokensPerSecond(100_000)
                .setDevice("cpu")
                .setAt(Instant.ofEpochSecond(1_800_000_000L + epoch))
                .build();
    }

    @Override
    public void close() {
        epochs.close();
        live.close();
        serde.close();
    }
}
