package io.inkstream.generator.answers;

import io.inkstream.generator.requests.ReplyAddress;
import io.inkstream.generator.requests.Truncation;
import io.inkstream.platform.InkstreamException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The delivery of an answer, step by step.
 *
 * <pre>
 *  deliver ──► look up the topic ──► encode ──► send ──► answered
 *                  │                   │ ▲        │
 *                  │ unusable          │ └────────┤ too large: a shorter form
 *                  └──► default topic ◄┴──────────┤ failed on a reply topic
 *                                      retry ◄────┤ Kafka or the registry is unavailable
 *                                dead letter ◄────┘ no form fits, or the record is rejected
 * </pre>
 *
 * Each step runs on the thread for what it may wait for.
 */
final class AnswerDelivery {

    private static final Logger log = LoggerFactory.getLogger(AnswerDelivery.class);

    private final AnswerRecords records;
    private final AnswerTopics answerTopics;
    private final RecordSender sender;
    private final DeadLetterWriter deadLetters;
    private final DeliveryThread own;
    private final DeliveryThread replies;
    private final DeliveryThread schemas;
    private final Consumer<Exception> broken;

    /**
     * A delivery.
     *
     * @param own for steps that wait for nothing but Inkstream's own topics
     * @param replies for records to the clients' reply topics: the producer waits for a topic that was deleted
     * @param schemas for answers whose schema is not registered yet
     * @param broken receives a failure that makes the generator useless
     */
    AnswerDelivery(
            AnswerRecords records,
            AnswerTopics answerTopics,
            RecordSender sender,
            DeadLetterWriter deadLetters,
            DeliveryThread own,
            DeliveryThread replies,
            DeliveryThread schemas,
            Consumer<Exception> broken) {
        this.records = records;
        this.answerTopics = answerTopics;
        this.sender = sender;
        this.deadLetters = deadLetters;
        this.own = own;
        this.replies = replies;
        this.schemas = schemas;
        this.broken = broken;
    }

    /** Delivers an answer to the topic that its request names, or to the default topic. */
    void deliver(Answer answer) {
        ReplyAddress reply = answer.request().reply();
        if (reply instanceof ReplyAddress.Named named) {
            deliverToReplyTopic(answer, named);
        } else if (reply instanceof ReplyAddress.Invalid invalid) {
            deliverToDefaultTopic(answer, Optional.of(invalid.error()));
        } else {
            deliverToDefaultTopic(answer, Optional.empty());
        }
    }

    private void deliverToReplyTopic(Answer answer, ReplyAddress.Named reply) {
        // Handles its own failures.
        CompletableFuture<Destination> unused = answerTopics
                .reply(reply)
                .whenCompleteAsync(
                        (destination, failure) -> {
                            if (failure == null) {
                                encode(answer, destination, AnswerForm.WHOLE);
                            } else {
                                deliverToDefaultTopic(answer, Optional.of(message(failure)));
                            }
                        },
                        own);
    }

    private void deliverToDefaultTopic(Answer answer, Optional<String> replyError) {
        // Handles its own failures.
        CompletableFuture<Void> unused = answerTopics
                .standard(records.defaultTopic(answer.request()), replyError.map(Truncation::sentence))
                .thenAcceptAsync(destination -> encode(answer, destination, AnswerForm.WHOLE), own);
    }

    /** Encodes the longest form, from this one on, that fits, and sends it. */
    private void encode(Answer answer, Destination destination, AnswerForm longest) {
        if (records.needsRegistry(answer.request(), destination)) {
            answer.pending().waitsForRegistry(true);
            schemas.execute(() -> encodeNow(answer, destination, longest));
        } else {
            encodeNow(answer, destination, longest);
        }
    }

    private void encodeNow(Answer answer, Destination destination, AnswerForm longest) {
        if (!answer.pending().isPending()) {
            return;
        }
        Optional<AnswerRecord> fitting;
        try {
            fitting = records.fitting(answer, destination, longest);
        } catch (RetriableException e) {
            logRetry(answer, e);
            own.retry(() -> encode(answer, destination, longest));
            return;
        } catch (RuntimeException e) {
            answer.pending().waitsForRegistry(false);
            failed(answer, destination, longest, e);
            return;
        }
        answer.pending().waitsForRegistry(false);
        fitting.ifPresentOrElse(record -> send(answer, destination, record), () -> noFormFits(answer, destination));
    }

    private void send(Answer answer, Destination destination, AnswerRecord encoded) {
        DeliveryThread thread = destination instanceof Destination.ReplyTopic ? replies : own;
        thread.execute(() -> sender.send(
                thread,
                encoded.record(),
                () -> answer.pending().answered(),
                failure -> failed(answer, destination, encoded.form(), failure)));
    }

    private void failed(Answer answer, Destination destination, AnswerForm form, Exception failure) {
        if (own.isClosed()) {
            return; // interrupted: the request remains unanswered
        }
        if (failure instanceof RecordTooLargeException) {
            // The topic's limit has changed since it was looked up, or could not be looked up.
            form.shorter()
                    .ifPresentOrElse(
                            shorter -> encode(answer, destination, shorter), () -> noFormFits(answer, destination));
        } else if (destination instanceof Destination.DefaultTopic standard) {
            failedOnDefaultTopic(answer, standard, failure);
        } else {
            deliverToDefaultTopic(
                    answer,
                    Optional.of("the answer could not be written to the reply topic %s: %s"
                            .formatted(destination.topic(), failure.getMessage())));
        }
    }

    private void failedOnDefaultTopic(Answer answer, Destination.DefaultTopic destination, Exception failure) {
        if (failure instanceof RetriableException) {
            logRetry(answer, failure);
            own.retry(() -> deliverToDefaultTopic(answer, destination.replyError()));
        } else if (failure instanceof InvalidRecordException) {
            giveUp(answer, failure);
        } else {
            broken.accept(failure);
        }
    }

    private void noFormFits(Answer answer, Destination destination) {
        String error =
                "even the shortest answer, with the request's key of %d bytes and its correlation header of %d bytes, is larger than a record of topic %s may be (%d bytes)"
                        .formatted(
                                answer.request().keyBytes(),
                                answer.request().correlationBytes(),
                                destination.topic(),
                                destination.maxBytes());
        if (destination instanceof Destination.ReplyTopic) {
            deliverToDefaultTopic(answer, Optional.of(error));
        } else {
            giveUp(answer, new InkstreamException("The request cannot be answered: " + error + "."));
        }
    }

    /** Writes the request to the dead letters instead of answering it. */
    private void giveUp(Answer answer, Exception reason) {
        log.atError()
                .addKeyValue("topic", answer.request().record().topic())
                .addKeyValue("partition", answer.request().record().partition())
                .addKeyValue("offset", answer.request().record().offset())
                .addKeyValue("error", reason.getMessage())
                .log("Request could not be answered");
        if (answer.hasDeadLetter()) {
            answer.pending().answered();
        } else {
            own.execute(() -> deadLetters.write(
                    answer.request(), reason, () -> answer.pending().answered()));
        }
    }

    private static void logRetry(Answer answer, Exception failure) {
        log.atWarn()
                .addKeyValue("topic", answer.request().record().topic())
                .addKeyValue("partition", answer.request().record().partition())
                .addKeyValue("offset", answer.request().record().offset())
                .addKeyValue("error", failure.getMessage())
                .log("Retrying: answer could not be written");
    }

    private static String message(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return String.valueOf(cause.getMessage());
    }
}
