package io.inkstream.generator.answers;

import io.inkstream.corpuslog.deadletters.DeadLetter;
import io.inkstream.corpuslog.requests.RequestHeaders;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.generator.requests.PendingRequest;
import io.inkstream.generator.requests.RequestRecord;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.observability.KafkaMeters;
import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.platform.registry.RegistryContact;
import io.inkstream.schemas.Completion;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;

/**
 * Writes answers to Kafka, and reports to a pending request when the brokers have its answer. Callers do not wait, and no
 * answer waits for what another one needs: there is one thread for schemas that are not registered yet, one for reply
 * topics, which may have been deleted, and one for everything else.
 *
 * <p>An answer that cannot be written where the request wants it goes to the default topic, with the reason in {@value
 * RequestHeaders#REPLY_ERROR}. One that is too large for a record of its topic takes a shorter {@link AnswerForm}; if
 * the shortest is still too large, because the key and the correlation header are, the request becomes a dead letter. While
 * Kafka or the registry is unavailable, it is retried; a permanent error that is not about this record, for instance a
 * missing permission, is reported as the failure of the service, and the request remains unanswered for the next owner.
 */
public final class AnswerWriter implements AutoCloseable {

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final Serde<Completion> serde;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaClientMetrics metrics;
    private final Admin admin;
    private final DeliveryThread own;
    private final DeliveryThread replies;
    private final DeliveryThread schemas;
    private final DeadLetterWriter deadLetters;
    private final AnswerDelivery delivery;

    /**
     * A writer, connected.
     *
     * @param allowedReplies topics that requests may name for their answers: see {@link ReplyTopicRules}
     * @param registry records whether the registry answers
     * @param broken receives a failure that makes the writer useless
     */
    public AnswerWriter(
            Connection connection,
            TopicNames topics,
            List<String> allowedReplies,
            MeterRegistry meters,
            RegistryContact registry,
            Consumer<Exception> broken) {
        ReplyTopicRules rules = new ReplyTopicRules(topics, allowedReplies);
        this.serde = RecordSerdes.serde(connection, Completion.class, registry);
        this.producer = new KafkaProducer<>(properties(connection, topics));
        this.metrics = KafkaMeters.bind(meters, producer);
        this.admin = Admin.create(connection.clientProperties());
        this.own = new DeliveryThread("generator-answers", broken);
        this.replies = new DeliveryThread("generator-replies", broken);
        this.schemas = new DeliveryThread("generator-schemas", broken);
        RecordSender sender = new RecordSender(producer);
        Counter rejected = Counter.builder("inkstream.generator.dead.letters")
                .description("Requests sent to the dead letters")
                .register(meters);
        this.deadLetters = new DeadLetterWriter(topics.of(Topic.DEAD_LETTERS), sender, own, rejected, broken);
        this.delivery = new AnswerDelivery(
                new AnswerRecords(topics, serde.serializer()),
                new AnswerTopics(admin, rules),
                sender,
                deadLetters,
                own,
                replies,
                schemas,
                broken);
    }

    /** Answers a request; the pending request is completed when the answer is written. */
    public void write(RequestRecord request, Completion completion, PendingRequest pending) {
        Answer answer = new Answer(request, completion, pending, false);
        own.execute(() -> delivery.deliver(answer));
    }

    /**
     * Writes a request to the dead letters, and then answers it. The generator has no transactions: as the request is
     * answered, and its offset committed, only after that, each such record has a dead letter, and after a crash perhaps a
     * second one.
     */
    public void writeAfterDeadLetter(
            RequestRecord request, Exception reason, Completion completion, PendingRequest pending) {
        Answer answer = new Answer(request, completion, pending, true);
        own.execute(() -> deadLetters.write(request, reason, () -> delivery.deliver(answer)));
    }

    /** Waits a limited time for what was sent, and closes the clients. */
    @Override
    public void close() {
        schemas.close();
        replies.close();
        own.close();
        producer.close(CLOSE_TIMEOUT);
        metrics.close();
        admin.close(CLOSE_TIMEOUT);
        serde.close();
    }

    private static Map<String, Object> properties(Connection connection, TopicNames topics) {
        Map<String, Object> properties = connection.clientProperties();
        properties.put(ProducerConfig.CLIENT_ID_CONFIG, topics.group("generator") + "-answers");
        properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        properties.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        // A reply topic that was deleted after it was looked up delays other replies no longer than this.
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 5000);
        // Dead letters may be as large as a request and its reason together.
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, DeadLetter.LARGEST_BYTES);
        return properties;
    }
}
