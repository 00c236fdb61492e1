package io.inkstream.generator.answers;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.utils.Utils;

/** How large a record is on the wire and in the log, in a batch of its own. */
final class RecordSize {

    /** The batch's header takes 61 bytes; the record's lengths, deltas and attributes take at most 41. */
    private static final int BATCH_AND_RECORD = 61 + 41;

    /** Two lengths of at most 5 bytes. */
    private static final int HEADER = 10;

    private RecordSize() {}

    /** Its size in bytes, or a little more; uncompressed, which is never less than compressed by much. */
    static long atMost(ProducerRecord<byte[], byte[]> record) {
        long size = (long) BATCH_AND_RECORD + length(record.key()) + length(record.value());
        for (Header header : record.headers()) {
            size += HEADER + Utils.utf8Length(header.key()) + length(header.value());
        }
        return size;
    }

    private static int length(byte[] bytes) {
        return bytes == null ? 0 : bytes.length;
    }
}
