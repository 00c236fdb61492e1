package io.inkstream.ingest.topology;

import io.inkstream.corpuslog.deadletters.DeadLetter;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.ingest.metrics.IngestMeters;
import io.inkstream.ingest.rejection.RejectedRecordException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends rejected records to the dead letters, within the transaction in which they were read: key, value and headers
 * unchanged, and the reason in the headers that Kafka Streams uses for its own dead letters.
 */
final class DeadLetterSink {

    /** Name of the sink in the topology. */
    static final String NODE = "dead-letters";

    private static final Logger log = LoggerFactory.getLogger(DeadLetterSink.class);

    private final ProcessorContext<byte[], Object> context;
    private final String topic;
    private final IngestMeters meters;

    /** Sends through the sink of the topology. */
    DeadLetterSink(ProcessorContext<byte[], Object> context, Wiring wiring) {
        this.context = context;
        this.topic = wiring.topics().of(Topic.DEAD_LETTERS);
        this.meters = wiring.meters();
    }

    /**
     * Sends a record.
     *
     * @param record with its original key and headers, and its timestamp
     * @param value its original value
     * @param rejection why; if it has a cause, the dead letter contains that
     */
    void send(Record<byte[], ?> record, byte @Nullable [] value, RejectedRecordException rejection) {
        RecordMetadata source =
                context.recordMetadata().orElseThrow(() -> new IllegalStateException("No record is being processed"));
        Exception reason = rejection.getCause() instanceof Exception cause ? cause : rejection;
        ProducerRecord<byte[], byte[]> deadLetter = DeadLetter.of(topic, asRead(source, record, value), reason);
        context.forward(
                new Record<>(deadLetter.key(), deadLetter.value(), record.timestamp(), deadLetter.headers()), NODE);
        meters.deadLetter(rejection.reason());
        log.atWarn()
                .addKeyValue("topic", source.topic())
                .addKeyValue("partition", source.partition())
                .addKeyValue("offset", source.offset())
                .addKeyValue("error", message(deadLetter))
                .log("Record sent to the dead letters");
    }

    private static String message(ProducerRecord<byte[], byte[]> deadLetter) {
        byte[] message = deadLetter.headers().lastHeader(DeadLetter.MESSAGE).value();
        return message == null ? "" : new String(message, StandardCharsets.UTF_8);
    }

    private static ConsumerRecord<byte[], byte[]> asRead(
            RecordMetadata source, Record<byte[], ?> record, byte @Nullable [] value) {
        return new ConsumerRecord<>(
                source.topic(),
                source.partition(),
                source.offset(),
                record.timestamp(),
                TimestampType.CREATE_TIME,
                ConsumerRecord.NULL_SIZE,
                ConsumerRecord.NULL_SIZE,
                record.key(),
                value,
                record.headers(),
                Optional.empty());
    }
}
