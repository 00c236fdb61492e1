package io.inkstream.generator.answers;

import io.inkstream.corpuslog.deadletters.DeadLetter;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.generator.requests.Envelope;
import io.inkstream.generator.requests.Excerpt;
import io.inkstream.generator.requests.ReplyAddress;
import io.inkstream.generator.requests.Ticket;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.observability.KafkaMeters;
import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.platform.registry.RegistryContact;
import io.inkstream.schemas.Completion;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes answers to Kafka, and reports to a request's ticket when the brokers have them. Nobody who hands it an answer
 * waits, and no answer waits for what another one needs: there is one thread for schemas that the registry has yet to
 * give, one for reply topics, which may be gone, and one for all else.
 *
 * <p>An answer that cannot be written where the request wants it goes to the default topic, and says why in {@value
 * AnswerRecords#REPLY_ERROR_HEADER}. One that is too large for a record of its topic takes a shorter {@link AnswerForm};
 * if the shortest is still too large, because the key and the correlation header are, the request becomes a dead letter.
 * What cannot be written at all for now is tried again until it can; a refusal for good that is not about this one record,
 * for instance for want of a permission, is reported as the end of the service, and the request stays unanswered for
 * whoever comes next.
 */
public final class AnswerWriter implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(AnswerWriter.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final String deadLetterTopic;
    private final Serde<Completion> serde;
    private final AnswerRecords records;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaClientMetrics metrics;
    private final Admin admin;
    private final AnswerTopics answerTopics;
    private final Consumer<Exception> broken;
    /** For what goes to Inkstream's own topics and waits for nothing. */
    private final Lane own;
    /** For what goes to the clients' reply topics: the producer waits for one that is gone. */
    private final Lane replies;
    /** For answers whose schema the registry has yet to give an id. */
    private final Lane schemas;

    /**
     * A writer, connected.
     *
     * @param allowedReplies topics that requests may name for their answers: see {@link ReplyTopicRules}
     * @param registry told whether the registry answers
     * @param broken told of a failure that makes it useless
     */
    public AnswerWriter(
            Connection connection,
            TopicNames topics,
            List<String> allowedReplies,
            MeterRegistry meters,
            RegistryContact registry,
            Consumer<Exception> broken) {
        ReplyTopicRules rules = new ReplyTopicRules(topics, allowedReplies);
        this.deadLetterTopic = topics.of(Topic.DEAD_LETTERS);
        this.serde = RecordSerdes.serde(connection, Completion.class, registry);
        this.records = new AnswerRecords(topics, serde.serializer());
        this.producer = new KafkaProducer<>(properties(connection, topics));
        this.metrics = KafkaMeters.bind(meters, producer);
        this.admin = Admin.create(connection.clientProperties());
        this.answerTopics = new AnswerTopics(admin, rules);
        this.broken = broken;
        this.own = new Lane("generator-answers", broken);
        this.replies = new Lane("generator-replies", broken);
        this.schemas = new Lane("generator-schemas", broken);
    }

    /** Answers a request; the ticket moves on when the answer is in the log. */
    public void write(Envelope envelope, Completion completion, Ticket ticket) {
        Answer answer = new Answer(envelope, completion, ticket, false);
        own.execute(() -> deliver(answer));
    }

    /**
     * Makes a dead letter of a request's record, and answers it then. The generator has no transactions: as the request is
     * answered, and its offset committed, only after that, there is a dead letter of each such record, and after a crash
     * perhaps a second one.
     */
    public void writeAfterDeadLetter(Envelope envelope, Exception reason, Completion completion, Ticket ticket) {
        Answer answer = new Answer(envelope, completion, ticket, true);
        own.execute(() -> sendDeadLetter(envelope, reason, () -> deliver(answer)));
    }

    /** Waits a bounded time for what was sent, and lets go of the clients. */
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

    private void deliver(Answer answer) {
        ReplyAddress reply = answer.envelope().reply();
        if (!reply.isGiven()) {
            deliverOnDefaultTopic(answer, reply.problem());
            return;
        }
        // Deals with its own failures.
        CompletableFuture<Destination> unused = answerTopics
                .reply(reply)
                .whenCompleteAsync(
                        (destination, problem) -> {
                            if (problem == null) {
                                encode(answer, destination, AnswerForm.WHOLE);
                            } else {
                                deliverOnDefaultTopic(answer, cause(problem).getMessage());
                            }
                        },
                        own);
    }

    private void deliverOnDefaultTopic(Answer answer, String replyError) {
        // Deals with its own failures.
        CompletableFuture<Void> unused = answerTopics
                .standard(records.defaultTopic(answer.envelope()), Excerpt.sentence(replyError))
                .thenAcceptAsync(destination -> encode(answer, destination, AnswerForm.WHOLE), own);
    }

    /** Makes a record of the longest form from this one on that fits, and sends it. */
    private void encode(Answer answer, Destination destination, AnswerForm longest) {
        if (records.needsRegistry(answer.envelope(), destination)) {
            answer.ticket().waitsForRegistry(true);
            schemas.execute(() -> encodeNow(answer, destination, longest));
        } else {
            encodeNow(answer, destination, longest);
        }
    }

    private void encodeNow(Answer answer, Destination destination, AnswerForm longest) {
        if (!answer.ticket().isUnderWay()) {
            return;
        }
        Optional<AnswerRecord> fitting;
        try {
            fitting = records.fitting(answer, destination, longest);
        } catch (RetriableException e) {
            notYet(answer, e);
            own.retry(() -> encode(answer, destination, longest));
            return;
        } catch (RuntimeException e) {
            answer.ticket().waitsForRegistry(false);
            failed(answer, destination, longest, e);
            return;
        }
        answer.ticket().waitsForRegistry(false);
        fitting.ifPresentOrElse(
                record -> sendAnswer(answer, destination, record), () -> noFormFits(answer, destination));
    }

    private void sendAnswer(Answer answer, Destination destination, AnswerRecord made) {
        Lane lane = destination.isReply() ? replies : own;
        lane.execute(() -> send(
                lane,
                made.record(),
                () -> answer.ticket().answered(),
                failure -> failed(answer, destination, made.form(), failure)));
    }

    private void failed(Answer answer, Destination destination, AnswerForm form, Exception failure) {
        if (own.isClosed()) {
            return; // interrupted: the request stays unanswered
        }
        if (failure instanceof RecordTooLargeException) {
            // The topic's limit has changed since it was looked up, or nobody would say what it is.
            form.shorter()
                    .ifPresentOrElse(
                            shorter -> encode(answer, destination, shorter), () -> noFormFits(answer, destination));
        } else if (destination.isReply()) {
            deliverOnDefaultTopic(
                    answer,
                    "the answer could not be written to the reply topic %s: %s"
                            .formatted(destination.topic(), failure.getMessage()));
        } else if (failure instanceof RetriableException) {
            notYet(answer, failure);
            own.retry(() -> deliverOnDefaultTopic(answer, destination.replyError()));
        } else if (failure instanceof InvalidRecordException) {
            makeDeadLetter(answer, failure);
        } else {
            broken.accept(failure);
        }
    }

    private void noFormFits(Answer answer, Destination destination) {
        String why =
                "even the shortest answer, with the request's key of %d bytes and its correlation header of %d bytes, is larger than a record of topic %s may be (%d bytes)"
                        .formatted(
                                answer.envelope().keyBytes(),
                                answer.envelope().correlationBytes(),
                                destination.topic(),
                                destination.largest());
        if (destination.isReply()) {
            deliverOnDefaultTopic(answer, why);
        } else {
            makeDeadLetter(answer, new InkstreamException("The request cannot be answered: " + why + "."));
        }
    }

    private void makeDeadLetter(Answer answer, Exception reason) {
        log.atError()
                .addKeyValue("topic", answer.envelope().record().topic())
                .addKeyValue("partition", answer.envelope().record().partition())
                .addKeyValue("offset", answer.envelope().record().offset())
                .addKeyValue("error", reason.getMessage())
                .log("Request not answered");
        if (answer.hasDeadLetter()) {
            answer.ticket().answered();
        } else {
            own.execute(() -> sendDeadLetter(
                    answer.envelope(), reason, () -> answer.ticket().answered()));
        }
    }

    private void sendDeadLetter(Envelope envelope, Exception reason, Runnable written) {
        Consumer<Exception> onFailure = failure -> {
            if (failure instanceof RetriableException) {
                log.atWarn()
                        .addKeyValue("topic", envelope.record().topic())
                        .addKeyValue("partition", envelope.record().partition())
                        .addKeyValue("offset", envelope.record().offset())
                        .addKeyValue("error", failure.getMessage())
                        .log("Dead letter not yet written");
                own.retry(() -> sendDeadLetter(envelope, reason, written));
            } else if (failure instanceof RecordTooLargeException || failure instanceof InvalidRecordException) {
                // Only where the topic was not made by Inkstream. To answer nobody any more would be worse.
                log.atError()
                        .addKeyValue("topic", envelope.record().topic())
                        .addKeyValue("partition", envelope.record().partition())
                        .addKeyValue("offset", envelope.record().offset())
                        .setCause(failure)
                        .log("Dead letter not accepted by its topic: the record is where it was read");
                written.run();
            } else {
                broken.accept(failure);
            }
        };
        send(own, DeadLetter.of(deadLetterTopic, envelope.record(), reason), written, onFailure);
    }

    private void send(
            Lane lane, ProducerRecord<byte[], byte[]> record, Runnable written, Consumer<Exception> onFailure) {
        try {
            // The callback has the outcome.
            Future<?> unused = producer.send(record, (metadata, failure) -> {
                if (failure == null) {
                    written.run();
                } else {
                    lane.execute(() -> onFailure.accept(failure));
                }
            });
        } catch (RuntimeException e) {
            onFailure.accept(e);
        }
    }

    private static void notYet(Answer answer, Exception failure) {
        log.atWarn()
                .addKeyValue("topic", answer.envelope().record().topic())
                .addKeyValue("partition", answer.envelope().record().partition())
                .addKeyValue("offset", answer.envelope().record().offset())
                .addKeyValue("error", failure.getMessage())
                .log("Answer not yet written");
    }

    private static Throwable cause(Throwable problem) {
        return problem instanceof CompletionException && problem.getCause() != null ? problem.getCause() : problem;
    }

    private static Map<String, Object> properties(Connection connection, TopicNames topics) {
        Map<String, Object> properties = connection.clientProperties();
        properties.put(ProducerConfig.CLIENT_ID_CONFIG, topics.group("generator") + "-answers");
        properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        properties.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        // A reply topic that vanished after it was looked up keeps other replies waiting no longer than this.
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 5000);
        // Dead letters may be as large as a request and its reason together.
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, DeadLetter.LARGEST_BYTES);
        return properties;
    }
}
