package io.inkstream.platform.consumers;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A topic to follow.
 *
 * @param name its name
 * @param filter which of its records the reader is given
 * @param reader what takes them
 */
public record FollowedTopic(String name, RecordFilter.Factory filter, Reader reader) {

    /** Takes the records of a topic, on the follower's thread. */
    @FunctionalInterface
    public interface Reader {

        /**
         * Takes a record.
         *
         * @return true when it changed something
         * @throws org.apache.kafka.common.errors.RetriableException if it cannot be read at present; it is offered again
         */
        boolean take(ConsumerRecord<byte[], byte[]> record);
    }
}
