package io.inkstream.ingest.topology;

import io.inkstream.ingest.metrics.IngestMeters;
import io.inkstream.ingest.rejection.RejectedRecordException;
import io.inkstream.platform.deadletters.DeadLetter;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what cannot be taken to the dead letters, within the transaction in which it was read: key, value and headers as
 * they came, and the reason in the headers that Kafka Streams uses for its own dead letters.
 */
final class DeadLetterSink {

    /** Name of the sink in the topology. */
    static final String NODE = "dead-letters";

    private static final Logger log = LoggerFactory.getLogger(DeadLetterSink.class);

    private final ProcessorContext<byte[], Object> context;
    private final IngestMeters meters;

    DeadLetterSink(ProcessorContext<byte[], Object> context, IngestMeters meters) {
        this.context = context;
        this.meters = meters;
    }

    /**
     * Sends a record.
     *
     * @param record its key and headers as they came; its timestamp
     * @param value its value as it came
     * @param rejection why
     */
    void send(Record<byte[], ?> record, byte[] value, RejectedRecordException rejection) {
        RecordMetadata source =
                context.recordMetadata().orElseThrow(() -> new IllegalStateException("No record is being processed"));
        Headers headers = new RecordHeaders(record.headers());
        byte[] sent = value;
        RuntimeException reason = rejection;
        if (!DeadLetter.fits(record.key(), value, headers)) {
            sent = null;
            reason = new RejectedRecordException(
                    rejection.reason(), DeadLetter.withoutValue(rejection.getMessage(), value));
        }
        DeadLetter.addReason(headers, reason, source.topic(), source.partition(), source.offset());
        context.forward(new Record<>(record.key(), sent, record.timestamp(), headers), NODE);
        meters.deadLetter(rejection.reason());
        log.atWarn()
                .addKeyValue("topic", source.topic())
                .addKeyValue("partition", source.partition())
                .addKeyValue("offset", source.offset())
                .addKeyValue("reason", reason.getMessage())
                .log("Record sent to the dead letters");
    }
}
