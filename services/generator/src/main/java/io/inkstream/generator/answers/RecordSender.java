package io.inkstream.generator.answers;

import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Sends records and reports the outcome.
 *
 * @param producer closed by its owner
 */
record RecordSender(Producer<byte[], byte[]> producer) {

    /**
     * Sends a record; may wait for the metadata of its topic.
     *
     * @param thread on which a failure is reported
     * @param written called when the record is written
     */
    void send(
            DeliveryThread thread,
            ProducerRecord<byte[], byte[]> record,
            Runnable written,
            Consumer<Exception> onFailure) {
        try {
            // The callback reports the outcome.
            Future<?> unused = producer.send(record, (metadata, failure) -> {
                if (failure == null) {
                    written.run();
                } else {
                    thread.execute(() -> onFailure.accept(failure));
                }
            });
        } catch (RuntimeException e) {
            onFailure.accept(e);
        }
    }
}
