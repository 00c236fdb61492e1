package io.inkstream.corpuslog.deadletters;

import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The records of one partition that could not be read and are not dead letters yet. A partition is read from its start by
 * one owner after the other; each of its rejected records becomes a dead letter once. Safe for use by several threads.
 */
public final class RejectedRecords {

    private final String deadLetterTopic;
    private final NavigableMap<Long, ProducerRecord<byte[], byte[]>> pending = new TreeMap<>();
    private long recordedTo;

    /**
     * No records yet.
     *
     * @param recordedTo records below this offset that could not be read are dead letters already
     */
    public RejectedRecords(String deadLetterTopic, long recordedTo) {
        this.deadLetterTopic = deadLetterTopic;
        this.recordedTo = recordedTo;
    }

    /** Adds a record that could not be read, and why. */
    public synchronized void add(ConsumerRecord<byte[], byte[]> record, Exception error) {
        if (record.offset() >= recordedTo) {
            pending.put(record.offset(), DeadLetter.of(deadLetterTopic, record, error));
        }
    }

    /** The dead letters to write for records below an offset. */
    public synchronized List<ProducerRecord<byte[], byte[]>> below(long offset) {
        return List.copyOf(pending.headMap(offset).values());
    }

    /** The dead letters of all records below this offset are committed. */
    public synchronized void recorded(long offset) {
        recordedTo = Math.max(recordedTo, offset);
        pending.headMap(recordedTo).clear();
    }

    /** The offset of the partition below which all dead letters are committed. */
    public synchronized long recordedTo() {
        return recordedTo;
    }

    /** True when there is nothing to write. */
    public synchronized boolean isEmpty() {
        return pending.isEmpty();
    }
}
