package io.inkstream.ingest.topology;

import io.inkstream.ingest.metrics.IngestMeters;
import io.inkstream.ingest.rejection.RejectedRecordException;
import io.inkstream.platform.deadletters.DeadLetter;
import org.apache.kafka.common.header.Header;
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

    /** What the dead-letters topic takes, less room for the headers that are added. */
    static final int MOST_BYTES = DeadLetter.LARGEST_BYTES - 64 * 1024;

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
        if (size(record, value) > MOST_BYTES) {
            // Only where the cluster's own limit was raised. To stop the whole partition for it would be worse.
            sent = null;
            reason = new RejectedRecordException(
                    rejection.reason(),
                    "%s The value of %d bytes is too large for the dead letters: it is where it was read."
                            .formatted(rejection.getMessage(), value.length));
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

    private static long size(Record<byte[], ?> record, byte[] value) {
        long size = value == null ? 0 : value.length;
        size += record.key() == null ? 0 : record.key().length;
        for (Header header : record.headers()) {
            size += header.key().length() + (header.value() == null ? 0 : header.value().length);
        }
        return size;
    }
}
