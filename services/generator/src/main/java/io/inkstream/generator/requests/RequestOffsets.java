package io.inkstream.generator.requests;

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
 * Which requests are under way, and up to where each partition is answered. Requests are answered out of order, but a
 * committed offset says that everything before it is done: so it stands at the first request that is not answered. What
 * was answered after that one is answered again if the process dies. Safe for use by several threads.
 */
public final class RequestOffsets {

    private final Map<TopicPartition, Deque<Ticket>> tickets = new HashMap<>();
    private final Map<TopicPartition, Long> answered = new HashMap<>();
    private int underWay;
    private int waitingForRegistry;
    private long bytes;

    /**
     * A request was read.
     *
     * @param offset above those taken from this partition before, but for a partition that was released meanwhile
     * @param size of its record, in bytes
     */
    public synchronized Ticket take(TopicPartition partition, long offset, long size) {
        Ticket ticket = new Ticket(this, partition, offset, size);
        tickets.computeIfAbsent(partition, key -> new ArrayDeque<>()).addLast(ticket);
        underWay++;
        bytes += size;
        return ticket;
    }

    /** How many of the requests under way have something to do other than to wait for the registry. */
    public synchronized int busy() {
        return underWay - waitingForRegistry;
    }

    /** The size of the records of all requests under way. */
    public synchronized long bytes() {
        return bytes;
    }

    /** How many requests are under way. */
    public synchronized int underWay() {
        return underWay;
    }

    /** For each partition of which requests were answered: the offset of the first one that is not. */
    public synchronized Map<TopicPartition, OffsetAndMetadata> committable() {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        answered.forEach((partition, offset) -> offsets.put(partition, new OffsetAndMetadata(offset)));
        return offsets;
    }

    /**
     * Waits until the requests of these partitions are answered.
     *
     * @return false if some are not after so long
     * @throws InterruptedException if the thread is interrupted
     */
    public synchronized boolean awaitAnswered(Collection<TopicPartition> partitions, Duration patience)
            throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (partitions.stream()
                .anyMatch(partition -> tickets.containsKey(partition)
                        && !tickets.get(partition).isEmpty())) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }

    /** The partitions that requests were taken from. */
    public synchronized List<TopicPartition> partitions() {
        return List.copyOf(tickets.keySet());
    }

    /**
     * These partitions are no longer ours: what is under way of them is dropped.
     *
     * @return how many requests that were
     */
    public synchronized int release(Collection<TopicPartition> partitions) {
        int dropped = 0;
        for (TopicPartition partition : partitions) {
            answered.remove(partition);
            Deque<Ticket> open = tickets.remove(partition);
            if (open != null) {
                for (Ticket ticket : open) {
                    if (ticket.isUnderWay()) {
                        ended(ticket, Ticket.State.DROPPED);
                        dropped++;
                    }
                }
            }
        }
        notifyAll();
        return dropped;
    }

    synchronized void move(Ticket ticket, Ticket.State state) {
        if (!ticket.isUnderWay()) {
            return;
        }
        ended(ticket, state);
        Deque<Ticket> open = tickets.get(ticket.partition());
        while (!open.isEmpty() && !open.peekFirst().isUnderWay()) {
            answered.put(ticket.partition(), open.removeFirst().offset() + 1);
        }
        notifyAll();
    }

    synchronized void waitsForRegistry(Ticket ticket, boolean waits) {
        if (ticket.isUnderWay() && ticket.isWaitingForRegistry() != waits) {
            ticket.setWaitingForRegistry(waits);
            waitingForRegistry += waits ? 1 : -1;
        }
    }

    private void ended(Ticket ticket, Ticket.State state) {
        waitsForRegistry(ticket, false);
        ticket.state(state);
        underWay--;
        bytes -= ticket.bytes();
    }
}
