package io.inkstream.client;

import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * Where text is after it was produced.
 *
 * @param topic the topic
 * @param partition the partition, or -1 if there was no record
 * @param firstOffset offset of the first record
 * @param lastOffset offset of the last record
 * @param records number of records
 * @param characters number of Unicode code points
 * @param bytes number of bytes
 */
public record TextReceipt(
        String topic, int partition, long firstOffset, long lastOffset, long records, long characters, long bytes) {

    /** Counts acknowledged records: written by the producer's thread, read by the caller's. */
    static final class Count {
        private int partition = -1;
        private long firstOffset = -1;
        private long lastOffset = -1;
        private long records;
        private long characters;
        private long bytes;

        synchronized void add(RecordMetadata metadata, byte[] value) {
            partition = metadata.partition();
            if (records == 0) {
                firstOffset = metadata.offset();
            }
            lastOffset = metadata.offset();
            records++;
            characters += codePoints(value);
            bytes += value.length;
        }

        synchronized long records() {
            return records;
        }

        synchronized TextReceipt receipt(String topic) {
            return new TextReceipt(topic, partition, firstOffset, lastOffset, records, characters, bytes);
        }

        private static long codePoints(byte[] utf8) {
            long count = 0;
            for (byte b : utf8) {
                if ((b & 0xC0) != 0x80) { // not a continuation byte
                    count++;
                }
            }
            return count;
        }
    }
}
