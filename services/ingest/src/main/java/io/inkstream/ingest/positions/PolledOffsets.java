package io.inkstream.ingest.positions;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * What the consumers of Kafka Streams know of the offsets between two records, and do not hand on: up to where a poll has
 * come, past the transaction markers behind its last record, and with which record it began. Offsets that are missing within
 * a poll are markers and aborted records; only between two of them can records have been deleted. Safe for use by several
 * threads.
 */
public final class PolledOffsets {

    /** Key under which the consumer's configuration has them. */
    public static final String CONFIG = "inkstream.polled.offsets";

    private final Map<TopicPartition, ConcurrentLinkedDeque<Poll>> polls = new ConcurrentHashMap<>();

    /** The records of a partition that one poll has brought: the offsets of the first and the last one, and the one after it. */
    private record Poll(long first, long last, long next) {}

    /** Forgets what was polled of a partition: it is read from another offset on. */
    public void forget(TopicPartition partition) {
        polls.remove(partition);
    }

    /** True unless the record is known to have been polled together with the one before it. */
    public boolean beginsPoll(TopicPartition partition, long offset) {
        Poll poll = pollOf(partition, offset);
        return poll == null || poll.first() == offset;
    }

    /** The offset that comes after a record, past what is no record. */
    public long after(TopicPartition partition, long offset) {
        Poll poll = pollOf(partition, offset);
        return poll != null && poll.last() == offset ? Math.max(poll.next(), offset + 1) : offset + 1;
    }

    void polled(TopicPartition partition, long first, long last, long next) {
        polls.computeIfAbsent(partition, none -> new ConcurrentLinkedDeque<>()).add(new Poll(first, last, next));
    }

    /** Records are asked for in their order, so that what lies before this one is not needed any more. */
    private Poll pollOf(TopicPartition partition, long offset) {
        ConcurrentLinkedDeque<Poll> known = polls.get(partition);
        if (known == null) {
            return null;
        }
        while (true) {
            Poll first = known.peekFirst();
            if (first == null || first.first() > offset) {
                return null;
            }
            if (first.last() >= offset) {
                return first;
            }
            known.pollFirst();
        }
    }

    /** Takes them down in each consumer. */
    public static final class Interceptor implements ConsumerInterceptor<Object, Object> {

        private PolledOffsets offsets;

        @Override
        public void configure(Map<String, ?> configs) {
            offsets = (PolledOffsets) configs.get(CONFIG);
        }

        @Override
        public ConsumerRecords<Object, Object> onConsume(ConsumerRecords<Object, Object> records) {
            for (TopicPartition partition : records.partitions()) {
                List<ConsumerRecord<Object, Object>> some = records.records(partition);
                OffsetAndMetadata next = records.nextOffsets().get(partition);
                if (!some.isEmpty() && next != null) {
                    offsets.polled(
                            partition,
                            some.get(0).offset(),
                            some.get(some.size() - 1).offset(),
                            next.offset());
                }
            }
            return records;
        }

        @Override
        public void onCommit(Map<TopicPartition, OffsetAndMetadata> committed) {
            // Kafka Streams commits through its producer.
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
