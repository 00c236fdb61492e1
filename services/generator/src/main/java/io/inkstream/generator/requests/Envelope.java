package io.inkstream.generator.requests;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * A request's record, and what its answer takes over from it.
 *
 * @param record as it was read
 * @param format how it is written
 * @param reply where its answer goes
 * @param readAt when it was read, by {@link System#nanoTime()}
 */
public record Envelope(ConsumerRecord<byte[], byte[]> record, RequestFormat format, ReplyAddress reply, long readAt) {

    /** Names the request that an answer belongs to; its bytes are the client's own. */
    public static final String CORRELATION_HEADER = "kafka_correlationId";

    /** The envelope of a record that was just read. */
    public static Envelope of(ConsumerRecord<byte[], byte[]> record) {
        return new Envelope(
                record, RequestFormat.of(record.value()), ReplyAddress.of(record.headers()), System.nanoTime());
    }

    /** The header to echo. */
    public Optional<Header> correlation() {
        return Optional.ofNullable(record.headers().lastHeader(CORRELATION_HEADER));
    }

    /** Milliseconds since it was read. */
    public double milliseconds() {
        return (System.nanoTime() - readAt) / 1e6;
    }
}
