package io.inkstream.generator.requests;

import io.inkstream.corpuslog.requests.RequestHeaders;
import java.nio.charset.StandardCharsets;
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

    /** Bytes by which clients are told apart. */
    private static final int CLIENT_BYTES = 256;

    /** The envelope of a record that was just read. */
    public static Envelope of(ConsumerRecord<byte[], byte[]> record) {
        return new Envelope(
                record, RequestFormat.of(record.value()), ReplyAddress.of(record.headers()), System.nanoTime());
    }

    /** The header to echo. */
    public Optional<Header> correlation() {
        return Optional.ofNullable(record.headers().lastHeader(RequestHeaders.CORRELATION_ID));
    }

    /**
     * Whose request it is: what the header {@link RequestHeaders#CLIENT} says, else the key. A client that gives every request
     * another key, and no header, counts as many.
     */
    public String client() {
        Header header = record.headers().lastHeader(RequestHeaders.CLIENT);
        if (header != null && header.value() != null) {
            return "header " + beginning(header.value());
        }
        return record.key() == null ? "" : "key " + beginning(record.key());
    }

    /** How large what was read is. */
    public long bytes() {
        long size = (long) keyBytes() + length(record.value());
        for (Header header : record.headers()) {
            size += header.key().length() + length(header.value());
        }
        return size;
    }

    /** How large the key is, which every answer repeats. */
    public int keyBytes() {
        return length(record.key());
    }

    /** How large the value of the header to echo is. */
    public int correlationBytes() {
        return correlation().map(header -> length(header.value())).orElse(0);
    }

    /** Milliseconds since it was read. */
    public double milliseconds() {
        return (System.nanoTime() - readAt) / 1e6;
    }

    private static String beginning(byte[] bytes) {
        return new String(bytes, 0, Math.min(bytes.length, CLIENT_BYTES), StandardCharsets.ISO_8859_1);
    }

    private static int length(byte[] bytes) {
        return bytes == null ? 0 : bytes.length;
    }
}
