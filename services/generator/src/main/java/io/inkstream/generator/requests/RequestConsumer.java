package io.inkstream.generator.requests;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A member of the generator's group: polls, pauses, commits, and hands partitions over. Used by one thread. */
final class RequestConsumer implements ConsumerRebalanceListener {

    private static final Logger log = LoggerFactory.getLogger(RequestConsumer.class);
    private static final Duration COMMIT_INTERVAL = Duration.ofSeconds(1);
    private static final Duration COMMIT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration REVOCATION_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    /** How long a poll takes that reads nothing: in this time, half of the pending requests are hardly ever answered. */
    private static final Duration PAUSE = Duration.ofMillis(5);

    /** Maximum number of pending requests, including those that wait for the registry. */
    private static final int MAX_PENDING = 10_000;

    /** Maximum size of all pending requests together. */
    private static final long MAX_BYTES = 64L * 1024 * 1024;

    private final Consumer<byte[], byte[]> consumer;
    private final RequestOffsets offsets;
    private final int maxBusy;
    private final BiConsumer<RequestRecord, PendingRequest> begin;
    private final Runnable onAssigned;
    private final Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
    private long nextCommit = System.nanoTime() + COMMIT_INTERVAL.toNanos();

    /**
     * A member that has not joined yet.
     *
     * @param maxBusy no more requests are read while this many are pending that do not wait for the registry
     * @param begin starts a request, and must return at once
     * @param onAssigned called after each assignment
     */
    RequestConsumer(
            Consumer<byte[], byte[]> consumer,
            RequestOffsets offsets,
            int maxBusy,
            BiConsumer<RequestRecord, PendingRequest> begin,
            Runnable onAssigned) {
        this.consumer = consumer;
        this.offsets = offsets;
        this.maxBusy = maxBusy;
        this.begin = begin;
        this.onAssigned = onAssigned;
    }

    /** Joins the group. */
    void subscribe(String topic) {
        consumer.subscribe(List.of(topic), this);
    }

    /** Polls once, for this time at most, starts the requests, and commits from time to time. */
    void poll(Duration timeout) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(pauseOrResume() ? PAUSE : timeout)) {
            TopicPartition partition = new TopicPartition(record.topic(), record.partition());
            RequestRecord request = RequestRecord.of(record);
            begin.accept(request, offsets.add(partition, record.offset(), request.bytes()));
        }
        updatePositions();
        if (System.nanoTime() - nextCommit >= 0) {
            commitAsync();
            nextCommit = System.nanoTime() + COMMIT_INTERVAL.toNanos();
        }
    }

    /** Waits a limited time for the pending requests, and commits. */
    void finish() {
        handOver(offsets.partitions(), CLOSE_TIMEOUT);
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        onAssigned.run();
        log.atInfo().addKeyValue("partitions", partitions).log("Partitions assigned");
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        handOver(partitions, REVOCATION_TIMEOUT);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        drop(partitions);
    }

    private void updatePositions() {
        for (TopicPartition partition : consumer.assignment()) {
            try {
                offsets.moveTo(partition, consumer.position(partition, Duration.ZERO));
            } catch (TimeoutException e) {
                log.atDebug().addKeyValue("partition", partition).log("The position in a partition is not known yet");
            }
        }
    }

    /** Returns true when no requests are read for now. */
    private boolean pauseOrResume() {
        int busy = offsets.busy();
        boolean full = offsets.pending() >= MAX_PENDING || offsets.bytes() >= MAX_BYTES;
        if (full || busy >= maxBusy) {
            consumer.pause(consumer.assignment());
        } else if (busy <= maxBusy / 2) {
            consumer.resume(consumer.paused());
        }
        return !consumer.paused().isEmpty();
    }

    private void commitAsync() {
        Map<TopicPartition, OffsetAndMetadata> changed = offsets.committable();
        changed.entrySet().removeAll(committed.entrySet());
        if (!changed.isEmpty()) {
            consumer.commitAsync(changed, (written, failure) -> {
                if (failure == null) {
                    committed.putAll(written);
                } else {
                    log.atWarn()
                            .addKeyValue("error", failure.getMessage())
                            .log("Offsets could not be committed; retrying with the next commit");
                }
            });
        }
    }

    private void handOver(Collection<TopicPartition> partitions, Duration timeout) {
        try {
            offsets.awaitAnswered(partitions, timeout);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // unanswered requests are dropped below; the commit is still correct
        }
        Map<TopicPartition, OffsetAndMetadata> answered = offsets.committable();
        answered.keySet().retainAll(partitions);
        try {
            if (!answered.isEmpty()) {
                consumer.commitSync(answered, COMMIT_TIMEOUT);
            }
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            log.atWarn()
                    .addKeyValue("error", e.getMessage())
                    .log("Offsets could not be committed; these requests will be answered again");
        }
        drop(partitions);
    }

    private void drop(Collection<TopicPartition> partitions) {
        committed.keySet().removeAll(partitions);
        int dropped = offsets.release(partitions);
        if (!partitions.isEmpty()) {
            log.atInfo()
                    .addKeyValue("partitions", partitions)
                    .addKeyValue("dropped", dropped)
                    .log("Partitions released");
        }
    }
}
