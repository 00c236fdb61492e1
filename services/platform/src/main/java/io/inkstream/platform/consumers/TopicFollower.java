package io.inkstream.platform.consumers;

import io.inkstream.platform.config.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows a small topic, all its partitions and committed records only, in a thread of its own and without a group.
 */
public final class TopicFollower implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(TopicFollower.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration QUICK_POLL = Duration.ofMillis(50);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    private final Connection connection;
    private final String topic;
    private final RecordFilter.Factory filter;
    private final Start from;
    private final Reader reader;
    private final Runnable onChange;
    private final Thread thread;
    private volatile KafkaConsumer<byte[], byte[]> consumer;
    private volatile boolean caughtUp;
    private volatile Throwable failure;
    private volatile boolean closing;

    /** Where to begin. */
    public enum Start {
        BEGINNING,
        END
    }

    /** Takes the records, on the follower's thread. */
    @FunctionalInterface
    public interface Reader {

        /**
         * Takes one.
         *
         * @return true when it changed something
         * @throws RetriableException if it cannot be read at present: it is offered again
         */
        boolean take(ConsumerRecord<byte[], byte[]> record);
    }

    /**
     * A follower that is not started yet.
     *
     * @param filter which records the reader is given
     * @param onChange called after records that changed something, and when everything was read that was there at the start;
     *     on the follower's thread
     */
    public TopicFollower(
            Connection connection,
            String topic,
            RecordFilter.Factory filter,
            Start from,
            Reader reader,
            Runnable onChange) {
        this.connection = connection;
        this.topic = topic;
        this.filter = filter;
        this.from = from;
        this.reader = reader;
        this.onChange = onChange;
        this.thread = new Thread(this::run, topic + "-follower");
    }

    /** Starts following. */
    public void start() {
        thread.start();
    }

    /** True once everything was read that was there at the start. */
    public boolean caughtUp() {
        return caughtUp;
    }

    /** What ended the follower, or null. */
    public Throwable failure() {
        return failure;
    }

    @Override
    public void close() {
        closing = true;
        KafkaConsumer<byte[], byte[]> open = consumer;
        if (open != null) {
            open.wakeup();
        }
        try {
            thread.join(CLOSE_PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        Map<String, Object> properties = CommittedReads.properties(connection);
        try (KafkaConsumer<byte[], byte[]> opened =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer = opened;
            follow(opened);
        } catch (WakeupException | InterruptException e) {
            if (!closing) {
                failure = e;
            }
        } catch (RuntimeException | Error e) {
            failure = e;
            log.atError().addKeyValue("topic", topic).setCause(e).log("Following a topic ended");
        }
    }

    private void follow(KafkaConsumer<byte[], byte[]> opened) {
        Map<TopicPartition, Long> ends = ends(opened);
        Set<TopicPartition> partitions = ends.keySet();
        if (partitions.isEmpty()) {
            return; // it was closed meanwhile
        }
        RecordFilter counting = filter.of(partitions.size());
        opened.assign(partitions);
        if (from == Start.BEGINNING) {
            opened.seekToBeginning(partitions);
        } else {
            ends.forEach(opened::seek);
        }
        while (!closing) {
            boolean changed = false;
            for (ConsumerRecord<byte[], byte[]> record : opened.poll(caughtUp ? POLL : QUICK_POLL)) {
                changed |= counting.accepts(record) && take(record);
            }
            if (!caughtUp) {
                caughtUp = ends.entrySet().stream().allMatch(end -> opened.position(end.getKey()) >= end.getValue());
                changed |= caughtUp;
            }
            if (changed) {
                onChange.run();
            }
        }
    }

    /** The present ends of all partitions; the brokers may be away just now. */
    private Map<TopicPartition, Long> ends(KafkaConsumer<byte[], byte[]> opened) {
        while (!closing) {
            try {
                List<TopicPartition> partitions = opened.partitionsFor(topic).stream()
                        .map(info -> new TopicPartition(topic, info.partition()))
                        .toList();
                return opened.endOffsets(partitions);
            } catch (RetriableException e) {
                log.atWarn().addKeyValue("reason", e.getMessage()).log("Kafka does not answer; trying again");
                pause();
            }
        }
        return Map.of();
    }

    private boolean take(ConsumerRecord<byte[], byte[]> record) {
        while (!closing) {
            try {
                return reader.take(record);
            } catch (RetriableException e) {
                log.atWarn().addKeyValue("reason", e.getMessage()).log("The registry does not answer; trying again");
                pause();
            }
        }
        return false;
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
