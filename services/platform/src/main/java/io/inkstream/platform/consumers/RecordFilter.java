package io.inkstream.platform.consumers;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Which records of a topic count; the others are skipped. */
@FunctionalInterface
public interface RecordFilter {

    /** Makes the filter of a topic once its partition count is known. */
    @FunctionalInterface
    interface Factory {

        /** The filter of a topic with this many partitions. */
        RecordFilter of(int partitions);
    }

    /** True when the record counts. */
    boolean accepts(ConsumerRecord<byte[], ?> record);
}
