package io.inkstream.generator.answers;

import io.inkstream.corpuslog.deadletters.DeadLetter;
import io.inkstream.generator.requests.RequestRecord;
import io.micrometer.core.instrument.Counter;
import java.util.function.Consumer;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes requests to the dead letters, and retries until they are written.
 *
 * @param topic of the dead letters
 * @param sender sends them
 * @param thread on which it works
 * @param counter counts those that are written
 * @param broken receives a failure that makes the generator useless
 */
record DeadLetterWriter(
        String topic, RecordSender sender, DeliveryThread thread, Counter counter, Consumer<Exception> broken) {

    private static final Logger log = LoggerFactory.getLogger(DeadLetterWriter.class);

    /**
     * Writes a request to the dead letters.
     *
     * @param reason why
     * @param written called when it is written, or can never be
     */
    void write(RequestRecord request, Exception reason, Runnable written) {
        sender.send(
                thread,
                DeadLetter.of(topic, request.record(), reason),
                () -> {
                    counter.increment();
                    written.run();
                },
                failure -> failed(request, reason, written, failure));
    }

    private void failed(RequestRecord request, Exception reason, Runnable written, Exception failure) {
        if (failure instanceof RetriableException) {
            log.atWarn()
                    .addKeyValue("topic", request.record().topic())
                    .addKeyValue("partition", request.record().partition())
                    .addKeyValue("offset", request.record().offset())
                    .addKeyValue("error", failure.getMessage())
                    .log("Retrying: dead letter could not be written");
            thread.retry(() -> write(request, reason, written));
        } else if (failure instanceof RecordTooLargeException || failure instanceof InvalidRecordException) {
            // Only if the topic was not created by Inkstream. To answer no more requests would be worse.
            log.atError()
                    .addKeyValue("topic", request.record().topic())
                    .addKeyValue("partition", request.record().partition())
                    .addKeyValue("offset", request.record().offset())
                    .setCause(failure)
                    .log("Dead letter was not accepted by its topic");
            written.run();
        } else {
            broken.accept(failure);
        }
    }
}
