package io.inkstream.ingest.positions;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * What the consumers of Kafka Streams know about the offsets between two records, but do not pass on: the position after a
 * poll, past the transaction markers after its last record, and its first record. Offsets that are missing within a poll are
 * markers and aborted records; only between two polls can records have been deleted. Safe for use by several threads.
 */
public final class PolledOffsets {

    /** The key of this object in the consumer's configuration. */
    public static final String CONFIG = "inkstream.polled.offsets";

    private static final long NO_RECORD = -1;
    private static final ConcurrentLinkedDeque<Poll> NONE = new ConcurrentLinkedDeque<>();

    private final Map<TopicPartition, ConcurrentLinkedDeque<Poll>> polls = new ConcurrentHashMap<>();

    private final Map<TopicPartition, Latest> latest = new ConcurrentHashMap<>();

    /** The records of a partition in one poll: the offsets of the first and the last, and the position after the poll. */
    private record Poll(long first, long last, long next) {}

    /** The offset of the record of a partition that was polled last, if any was, and the position after the last poll. */
    private record Latest(OptionalLong record, long position) {}

    /** Forgets the polls of a partition, when it is read from another offset. */
    public void forget(TopicPartition partition) {
        polls.remove(partition);
        latest.remove(partition);
    }

    /** True unless the record is known to have been polled together with the one before it. */
    public boolean beginsPoll(TopicPartition partition, long offset) {
        return pollOf(partition, offset).map(poll -> poll.first() == offset).orElse(true);
    }

    /** The offset after a record, past transaction markers. */
    public long after(TopicPartition partition, long offset) {
        return pollOf(partition, offset)
                .filter(poll -> poll.last() == offset)
                .map(poll -> Math.max(poll.next(), offset + 1))
                .orElse(offset + 1);
    }

    /**
     * The offset before which nothing is left to process.
     *
     * @param processed everything before it was processed; empty if nothing was
     * @return past the transaction markers and aborted records after the last record, as far as the consumer has seen them;
     *     empty when nothing is known
     */
    OptionalLong settled(TopicPartition partition, OptionalLong processed) {
        Latest seen = latest.get(partition);
        if (seen == null || seen.record().orElse(NO_RECORD) >= processed.orElse(0)) {
            return processed;
        }
        return OptionalLong.of(Math.max(processed.orElse(0), seen.position()));
    }

    void polled(TopicPartition partition, long first, long last, long next) {
        polls.computeIfAbsent(partition, none -> new ConcurrentLinkedDeque<>()).add(new Poll(first, last, next));
        latest.put(partition, new Latest(OptionalLong.of(last), next));
    }

    /** A poll has moved past transaction markers and aborted records only. */
    void skipped(TopicPartition partition, long next) {
        latest.merge(
                partition,
                new Latest(OptionalLong.empty(), next),
                (before, after) -> new Latest(before.record(), after.position()));
    }

    /** The poll with a record. Records are looked up in order, so earlier polls are removed. */
    private Optional<Poll> pollOf(TopicPartition partition, long offset) {
        ConcurrentLinkedDeque<Poll> known = polls.getOrDefault(partition, NONE);
        while (true) {
            Poll first = known.peekFirst();
            if (first == null || first.first() > offset) {
                return Optional.empty();
            }
            if (first.last() >= offset) {
                return Optional.of(first);
            }
            known.pollFirst();
        }
    }

    /** Records the polls of each consumer. */
    public static final class Interceptor implements ConsumerInterceptor<Object, Object> {

        /** Replaced by the shared instance in {@link #configure}. */
        private PolledOffsets offsets = new PolledOffsets();

        @Override
        public void configure(Map<String, ?> configs) {
            if (configs.get(CONFIG) instanceof PolledOffsets shared) {
                offsets = shared;
            }
        }

        @Override
        public ConsumerRecords<Object, Object> onConsume(ConsumerRecords<Object, Object> records) {
            records.nextOffsets().forEach((partition, next) -> {
                List<ConsumerRecord<Object, Object>> some = records.records(partition);
                if (some.isEmpty()) {
                    offsets.skipped(partition, next.offset());
                } else {
                    offsets.polled(
                            partition,
                            some.get(0).offset(),
                            some.get(some.size() - 1).offset(),
                            next.offset());
                }
            });
            return records;
        }

        @Override
        public void onCommit(Map<TopicPartition, OffsetAndMetadata> committed) {
            // Kafka Streams commits through its producer.
        }

        @Override
        public void close() {
            // has no resources
        }
    }
}
