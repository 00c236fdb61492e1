package io.inkstream.generator.answers;

import io.inkstream.generator.requests.Envelope;
import io.inkstream.generator.requests.ReplyAddress;
import io.inkstream.generator.requests.Ticket;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.deadletters.DeadLetter;
import io.inkstream.platform.observability.KafkaMeters;
import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.platform.registry.RegistryContact;
import io.inkstream.platform.topics.Topic;
import io.inkstream.platform.topics.TopicNames;
import io.inkstream.schemas.Completion;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes answers to Kafka, and tells a request's ticket when the brokers have them. It has a thread of its own, as
 * looking up topics and schemas may take a while; nobody who hands it an answer waits.
 *
 * <p>An answer that cannot be written where the request wants it goes to the default topic, and says why in {@value
 * AnswerRecords#REPLY_ERROR_HEADER}. What cannot be written at all for now is tried again until it can; a refusal for
 * good, for instance for want of a permission, is reported as the end of the service, and the request stays unanswered
 * for whoever comes next.
 */
public final class AnswerWriter implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(AnswerWriter.class);
    private static final Duration BEFORE_RETRY = Duration.ofSeconds(1);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    private final String deadLetterTopic;
    private final Serde<Completion> serde;
    private final AnswerRecords records;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaClientMetrics metrics;
    private final Admin admin;
    private final ReplyTopics replyTopics;
    private final Consumer<Exception> broken;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "generator-answers"));

    /**
     * A writer, connected.
     *
     * @param registry told whether the registry answers
     * @param broken told of a failure that makes it useless
     */
    public AnswerWriter(
            Connection connection,
            TopicNames topics,
            MeterRegistry meters,
            RegistryContact registry,
            Consumer<Exception> broken) {
        this.deadLetterTopic = topics.of(Topic.DEAD_LETTERS);
        this.serde = RecordSerdes.values(connection, registry);
        this.records = new AnswerRecords(topics, serde.serializer());
        this.producer = new KafkaProducer<>(properties(connection, topics));
        this.metrics = KafkaMeters.bind(meters, producer);
        this.admin = Admin.create(connection.clientProperties());
        this.replyTopics = new ReplyTopics(admin, topics);
        this.broken = broken;
    }

    /** Answers a request; the ticket moves on when the answer is in the log. */
    public void write(Envelope envelope, Completion completion, Ticket ticket) {
        thread.execute(() -> deliver(envelope, completion, ticket));
    }

    /**
     * Makes a dead letter of a request's record. The generator has no transactions: as the request is answered, and its offset
     * committed, only after that, there is a dead letter of each such record, and after a crash perhaps a second one.
     *
     * @param written run when the brokers have it
     */
    public void deadLetter(Envelope envelope, Exception reason, Runnable written) {
        thread.execute(() -> sendDeadLetter(envelope, reason, written));
    }

    /** Waits a bounded time for what was sent, and lets go of the clients. */
    @Override
    public void close() {
        thread.shutdownNow();
        producer.close(CLOSE_PATIENCE);
        metrics.close();
        admin.close(CLOSE_PATIENCE);
        serde.close();
    }

    private void deliver(Envelope envelope, Completion completion, Ticket ticket) {
        if (!ticket.isUnderWay()) {
            return;
        }
        ReplyAddress reply = envelope.reply();
        if (!reply.isGiven()) {
            deliverOnDefaultTopic(envelope, completion, ticket, reply.problem());
            return;
        }
        try {
            Optional<String> problem = replyTopics.problem(reply);
            if (problem.isPresent()) {
                deliverOnDefaultTopic(envelope, completion, ticket, problem.get());
                return;
            }
            send(records.asAsked(envelope, completion), ticket::answered, failure -> {
                if (failure instanceof RecordTooLargeException) {
                    deliverOnDefaultTopic(envelope, completion, ticket, null);
                } else {
                    deliverOnDefaultTopic(envelope, completion, ticket, notWritten(reply, failure));
                }
            });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the writer is being closed: the request stays unanswered
        } catch (RuntimeException e) {
            deliverOnDefaultTopic(envelope, completion, ticket, notWritten(reply, e));
        }
    }

    private void deliverOnDefaultTopic(Envelope envelope, Completion completion, Ticket ticket, String replyError) {
        Consumer<Exception> onFailure = failure -> {
            if (failure instanceof RecordTooLargeException && completion.getError() == null) {
                deliverOnDefaultTopic(envelope, tooLarge(completion, failure), ticket, replyError);
            } else if (failure instanceof RetriableException) {
                log.atWarn()
                        .addKeyValue("offset", envelope.record().offset())
                        .addKeyValue("partition", envelope.record().partition())
                        .addKeyValue("problem", failure.getMessage())
                        .log("Answer not yet written");
                retry(() -> deliverOnDefaultTopic(envelope, completion, ticket, replyError));
            } else {
                broken.accept(failure);
            }
        };
        try {
            send(records.onDefaultTopic(envelope, completion, replyError), ticket::answered, onFailure);
        } catch (RuntimeException e) {
            onFailure.accept(e);
        }
    }

    private void sendDeadLetter(Envelope envelope, Exception reason, Runnable written) {
        Consumer<Exception> onFailure = failure -> {
            if (failure instanceof RetriableException) {
                log.atWarn()
                        .addKeyValue("topic", envelope.record().topic())
                        .addKeyValue("partition", envelope.record().partition())
                        .addKeyValue("offset", envelope.record().offset())
                        .addKeyValue("problem", failure.getMessage())
                        .log("Dead letter not yet written");
                retry(() -> sendDeadLetter(envelope, reason, written));
            } else if (failure instanceof RecordTooLargeException) {
                // Only where the topic was not made by Inkstream. To answer nobody any more would be worse.
                log.atError()
                        .addKeyValue("topic", envelope.record().topic())
                        .addKeyValue("partition", envelope.record().partition())
                        .addKeyValue("offset", envelope.record().offset())
                        .setCause(failure)
                        .log("Dead letter larger than its topic takes: the record is where it was read");
                written.run();
            } else {
                broken.accept(failure);
            }
        };
        try {
            send(DeadLetter.of(deadLetterTopic, envelope.record(), reason), written, onFailure);
        } catch (RuntimeException e) {
            onFailure.accept(e);
        }
    }

    private void send(ProducerRecord<byte[], byte[]> record, Runnable written, Consumer<Exception> onFailure) {
        // The callback has the outcome.
        Future<?> unused = producer.send(record, (metadata, failure) -> {
            if (failure == null) {
                written.run();
            } else if (!thread.isShutdown()) {
                thread.execute(() -> onFailure.accept(failure));
            }
        });
    }

    private void retry(Runnable task) {
        if (!thread.isShutdown()) {
            // Deals with its own failures.
            Future<?> unused = thread.schedule(task, BEFORE_RETRY.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private static String notWritten(ReplyAddress reply, Exception failure) {
        return "the answer could not be written to the reply topic %s: %s"
                .formatted(reply.topic(), failure.getMessage());
    }

    /** Without the prefix, which may be what makes it too large. */
    private static Completion tooLarge(Completion completion, Exception failure) {
        return Completions.error(
                completion.getCorpus(),
                "",
                completion.getTemperature(),
                "The answer is larger than a record may be (%s): ask for fewer tokens, or with a shorter prefix."
                        .formatted(failure.getMessage()),
                completion.getMilliseconds());
    }

    private static Map<String, Object> properties(Connection connection, TopicNames topics) {
        Map<String, Object> properties = connection.clientProperties();
        properties.put(ProducerConfig.CLIENT_ID_CONFIG, topics.group("generator") + "-answers");
        properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        properties.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        // A reply topic that vanished after it was looked up keeps other answers waiting no longer than this.
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 5000);
        // Dead letters may be as large as a request and its reason together.
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, DeadLetter.LARGEST_BYTES);
        return properties;
    }
}
