package io.inkstream.corpuslog.deadletters;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * How large a record is for Kafka, uncompressed: what a producer compares with {@code max.request.size}, and, as it may be
 * sent in a batch of its own, what a broker compares with a topic's {@code max.message.bytes}.
 */
public final class RecordSize {

    /** The header of a batch, and what a record has besides key, value and headers, each length with it (KIP-98). */
    private static final int OVERHEAD = 61 + 21 + 5;

    /** The most bytes that a length takes. */
    private static final int LENGTH = 5;

    private RecordSize() {}

    /** An upper bound, at most 25 bytes above the exact size, and 10 for each header. */
    public static long of(byte @Nullable [] key, byte @Nullable [] value, Iterable<Header> headers) {
        return OVERHEAD + of(key) + of(value) + of(headers);
    }

    /** What headers add to the size. */
    static long of(Iterable<Header> headers) {
        long size = 0;
        for (Header header : headers) {
            size += LENGTH + header.key().getBytes(StandardCharsets.UTF_8).length + of(header.value());
        }
        return size;
    }

    private static long of(byte @Nullable [] part) {
        return part == null ? LENGTH : (long) LENGTH + part.length;
    }
}
