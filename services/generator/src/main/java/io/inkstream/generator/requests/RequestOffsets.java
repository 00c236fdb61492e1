package io.inkstream.generator.requests;

import io.inkstream.platform.observability.PartitionProgress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * The pending requests, and the offset up to which each partition is answered. Requests are answered out of order, but a
 * committed offset means that everything before it is done: so it is that of the first request that is not answered.
 * Requests after it are answered again if the process dies. Safe for use by several threads.
 */
public final class RequestOffsets {

    private static final Deque<PendingRequest> NONE = new ArrayDeque<>(0);

    private final Map<TopicPartition, Deque<PendingRequest>> requests = new HashMap<>();
    private final Map<TopicPartition, Long> answered = new HashMap<>();
    private final Map<TopicPartition, Long> positions = new HashMap<>();
    private int pending;
    private int waitingForRegistry;
    private long bytes;

    /**
     * Adds a request that was read.
     *
     * @param offset greater than those added for this partition before, unless the partition was released
     * @param size of its record, in bytes
     */
    public synchronized PendingRequest add(TopicPartition partition, long offset, long size) {
        PendingRequest request = new PendingRequest(this, partition, offset, size);
        requests.computeIfAbsent(partition, key -> new ArrayDeque<>()).addLast(request);
        pending++;
        bytes += size;
        return request;
    }

    /**
     * Records the offset that is read next, which moves past transaction markers too.
     *
     * @param next after the requests that were added
     */
    public synchronized void moveTo(TopicPartition partition, long next) {
        positions.put(partition, next);
    }

    /** How far the requests of each partition are read and answered. */
    public synchronized Map<TopicPartition, PartitionProgress> progress() {
        Map<TopicPartition, PartitionProgress> progress = new HashMap<>();
        positions.forEach((partition, next) -> progress.put(
                partition,
                new PartitionProgress(
                        next,
                        requests.getOrDefault(partition, NONE).stream()
                                .filter(PendingRequest::isPending)
                                .count())));
        return progress;
    }

    /** Number of pending requests that do not wait for the registry. */
    public synchronized int busy() {
        return pending - waitingForRegistry;
    }

    /** The size of the records of all pending requests. */
    public synchronized long bytes() {
        return bytes;
    }

    /** Number of pending requests. */
    public synchronized int pending() {
        return pending;
    }

    /** For each partition with answered requests: the offset of the first request that is not answered. */
    public synchronized Map<TopicPartition, OffsetAndMetadata> committable() {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        answered.forEach((partition, offset) -> offsets.put(partition, new OffsetAndMetadata(offset)));
        return offsets;
    }

    /**
     * Waits until the requests of these partitions are answered.
     *
     * @return false if some are not answered within the timeout
     * @throws InterruptedException if the thread is interrupted
     */
    public synchronized boolean awaitAnswered(Collection<TopicPartition> partitions, Duration timeout)
            throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (partitions.stream()
                .anyMatch(partition -> !requests.getOrDefault(partition, NONE).isEmpty())) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }

    /** The partitions of the requests. */
    public synchronized List<TopicPartition> partitions() {
        return List.copyOf(requests.keySet());
    }

    /**
     * Drops the pending requests of partitions that are no longer owned.
     *
     * @return how many were dropped
     */
    public synchronized int release(Collection<TopicPartition> partitions) {
        int dropped = 0;
        for (TopicPartition partition : partitions) {
            answered.remove(partition);
            positions.remove(partition);
            Deque<PendingRequest> open = requests.remove(partition);
            if (open != null) {
                for (PendingRequest request : open) {
                    if (request.isPending()) {
                        ended(request, PendingRequest.State.DROPPED);
                        dropped++;
                    }
                }
            }
        }
        notifyAll();
        return dropped;
    }

    synchronized void complete(PendingRequest request, PendingRequest.State state) {
        if (!request.isPending()) {
            return;
        }
        ended(request, state);
        Deque<PendingRequest> open = requests.getOrDefault(request.partition(), NONE);
        while (!open.isEmpty() && !open.getFirst().isPending()) {
            answered.put(request.partition(), open.removeFirst().offset() + 1);
        }
        notifyAll();
    }

    synchronized void waitsForRegistry(PendingRequest request, boolean waits) {
        if (request.isPending() && request.isWaitingForRegistry() != waits) {
            request.setWaitingForRegistry(waits);
            waitingForRegistry += waits ? 1 : -1;
        }
    }

    private void ended(PendingRequest request, PendingRequest.State state) {
        waitsForRegistry(request, false);
        request.state(state);
        pending--;
        bytes -= request.bytes();
    }
}
