package io.inkstream.generator.requests;

import io.inkstream.corpuslog.requests.RequestHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * A record with a request, and what its answer takes from it.
 *
 * @param record as it was read
 * @param format of its value
 * @param reply where the answer goes
 * @param readAt when it was read, by {@link System#nanoTime()}
 */
public record RequestRecord(
        ConsumerRecord<byte[], byte[]> record, RequestFormat format, ReplyAddress reply, long readAt) {

    /** Number of bytes by which clients are distinguished. */
    private static final int CLIENT_BYTES = 256;

    /** A record that was just read. */
    public static RequestRecord of(ConsumerRecord<byte[], byte[]> record) {
        return new RequestRecord(
                record, RequestFormat.of(record.value()), ReplyAddress.of(record.headers()), System.nanoTime());
    }

    /** The header to return with the answer. */
    public Optional<Header> correlation() {
        return Optional.ofNullable(record.headers().lastHeader(RequestHeaders.CORRELATION_ID));
    }

    /**
     * The client: by the header {@value RequestHeaders#CLIENT}, else by the key. A client that sends every request with another
     * key, and no header, counts as many.
     */
    public String client() {
        Header header = record.headers().lastHeader(RequestHeaders.CLIENT);
        if (header != null && header.value() != null) {
            return "header " + beginning(header.value());
        }
        return record.key() == null ? "" : "key " + beginning(record.key());
    }

    /** The size of the record. */
    public long bytes() {
        long size = (long) keyBytes() + length(record.value());
        for (Header header : record.headers()) {
            size += header.key().length() + length(header.value());
        }
        return size;
    }

    /** The size of the key, which every answer repeats. */
    public int keyBytes() {
        return length(record.key());
    }

    /** The size of the value of the correlation header. */
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

    private static int length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }
}
