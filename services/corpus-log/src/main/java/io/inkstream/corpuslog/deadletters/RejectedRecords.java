package io.inkstream.corpuslog.deadletters;

import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The records of one partition that could not be read and are no dead letters yet. A partition is read from its start again
 * and again, by one owner after the other; each of its records becomes a dead letter once. Safe for use by several threads.
 */
public final class RejectedRecords {

    private final String deadLetterTopic;
    private final NavigableMap<Long, ProducerRecord<byte[], byte[]>> waiting = new TreeMap<>();
    private long told;

    /**
     * No records yet.
     *
     * @param told what lies below this offset is a dead letter already, if it could not be read
     */
    public RejectedRecords(String deadLetterTopic, long told) {
        this.deadLetterTopic = deadLetterTopic;
        this.told = told;
    }

    /** Notes a record that could not be read, and why. */
    public synchronized void add(ConsumerRecord<byte[], byte[]> record, Exception reason) {
        if (record.offset() >= told) {
            waiting.put(record.offset(), DeadLetter.of(deadLetterTopic, record, reason));
        }
    }

    /** The dead letters to write of records below an offset. */
    public synchronized List<ProducerRecord<byte[], byte[]>> below(long offset) {
        return List.copyOf(waiting.headMap(offset).values());
    }

    /** Everything below this offset is committed to the dead letters. */
    public synchronized void told(long offset) {
        told = Math.max(told, offset);
        waiting.headMap(told).clear();
    }

    /** Up to where there are dead letters: an offset of the partition. */
    public synchronized long told() {
        return told;
    }

    /** True when there is nothing to write. */
    public synchronized boolean isEmpty() {
        return waiting.isEmpty();
    }
}
