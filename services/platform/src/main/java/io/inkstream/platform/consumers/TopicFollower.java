package io.inkstream.platform.consumers;

import io.inkstream.platform.lifecycle.Threads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows small topics, all their partitions, in a thread of its own and without a group. While Kafka is unavailable, or a
 * reader cannot read a record yet, it retries; only a failure that does not pass ends it.
 */
public final class TopicFollower implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(TopicFollower.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration CATCH_UP_POLL = Duration.ofMillis(50);
    private static final Duration RETRY_PAUSE = Duration.ofSeconds(1);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final Supplier<KafkaConsumer<byte[], byte[]>> consumers;
    private final Start start;
    private final List<FollowedTopic> topics;
    private volatile Listener listener = () -> {};
    private final Thread thread;
    private volatile @Nullable KafkaConsumer<byte[], byte[]> consumer;
    private volatile boolean caughtUp;
    private volatile @Nullable Throwable failure;
    private volatile boolean closing;

    /** Where to begin. */
    public enum Start {
        BEGINNING,
        END
    }

    /** Hears what a follower has read, on the follower's thread. */
    @FunctionalInterface
    public interface Listener {

        /** Some of the records that were read last have changed something. */
        void changed();

        /** Everything has been read that was there at the start. */
        default void caughtUp() {
            changed();
        }

        /** The topics are no longer followed. */
        default void failed(Throwable failure) {}
    }

    /**
     * A follower that is not started yet.
     *
     * @param name of its thread
     * @param consumer opens its consumer, on that thread
     * @param topics each of which exists, or will exist soon
     */
    public TopicFollower(
            String name, Supplier<KafkaConsumer<byte[], byte[]>> consumer, Start start, List<FollowedTopic> topics) {
        this.consumers = consumer;
        this.start = start;
        this.topics = List.copyOf(topics);
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true); // it has nothing to finish
    }

    /** Starts following. */
    public void start(Listener hearer) {
        listener = hearer;
        thread.start();
    }

    /** True once everything was read that was there at the start. */
    public boolean caughtUp() {
        return caughtUp;
    }

    /** What ended the follower. */
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure);
    }

    @Override
    public void close() {
        closing = true;
        KafkaConsumer<byte[], byte[]> open = consumer;
        if (open != null) {
            open.wakeup();
        }
        Threads.join(thread, CLOSE_TIMEOUT);
    }

    private void run() {
        try (KafkaConsumer<byte[], byte[]> opened = consumers.get()) {
            consumer = opened;
            List<Source> sources = new ArrayList<>();
            for (FollowedTopic topic : topics) {
                retry(() -> Source.of(topic, opened)).ifPresent(sources::add);
            }
            if (!closing) {
                follow(opened, sources);
            }
        } catch (WakeupException | InterruptException e) {
            if (!closing) {
                fail(e);
            }
        } catch (RuntimeException | Error e) {
            fail(e);
        }
    }

    private void fail(Throwable e) {
        log.atError()
                .addKeyValue("topic", names())
                .addKeyValue("error", e.toString())
                .setCause(e)
                .log("Topic is no longer followed");
        failure = e;
        listener.failed(e);
    }

    private void follow(KafkaConsumer<byte[], byte[]> opened, List<Source> sources) {
        Map<TopicPartition, Long> ends = begin(
                opened,
                sources.stream().flatMap(source -> source.partitions().stream()).toList());
        while (!closing) {
            ConsumerRecords<byte[], byte[]> records = opened.poll(caughtUp ? POLL : CATCH_UP_POLL);
            boolean changed = false;
            for (Source source : sources) {
                changed |= take(records.records(source.topic().name()), source);
            }
            if (closing) {
                return; // some records may not have been taken
            }
            if (changed) {
                listener.changed();
            }
            if (!caughtUp && reached(opened, ends)) {
                caughtUp = true;
                listener.caughtUp();
            }
        }
    }

    /** Seeks to where to begin; returns the present ends. */
    private Map<TopicPartition, Long> begin(
            KafkaConsumer<byte[], byte[]> opened, Collection<TopicPartition> partitions) {
        opened.assign(partitions);
        Map<TopicPartition, Long> ends =
                retry(() -> opened.endOffsets(partitions)).orElse(Map.of());
        if (start == Start.BEGINNING) {
            opened.seekToBeginning(partitions);
        } else {
            ends.forEach(opened::seek);
        }
        return ends;
    }

    private static boolean reached(KafkaConsumer<byte[], byte[]> opened, Map<TopicPartition, Long> ends) {
        try {
            return ends.entrySet().stream()
                    .allMatch(end -> opened.position(end.getKey(), CATCH_UP_POLL) >= end.getValue());
        } catch (RetriableException e) {
            return false; // it is asked again after the next poll
        }
    }

    private boolean take(Iterable<ConsumerRecord<byte[], byte[]>> records, Source source) {
        boolean changed = false;
        for (ConsumerRecord<byte[], byte[]> record : records) {
            changed |= source.filter().accepts(record)
                    && retry(() -> source.topic().reader().take(record)).orElse(false);
        }
        return changed;
    }

    /** Attempts something until it does not fail with an exception that passes; empty if the follower is closed before. */
    private <T> Optional<T> retry(Supplier<T> attempt) {
        while (!closing) {
            try {
                return Optional.of(attempt.get());
            } catch (RetriableException e) {
                log.atWarn()
                        .addKeyValue("topic", names())
                        .addKeyValue("error", e.getMessage())
                        .log("Retrying: Topic cannot be read at present");
                pause();
            }
        }
        return Optional.empty();
    }

    private String names() {
        return topics.stream().map(FollowedTopic::name).collect(Collectors.joining(","));
    }

    private static void pause() {
        try {
            Thread.sleep(RETRY_PAUSE.toMillis());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /** A topic that exists. */
    private record Source(FollowedTopic topic, List<TopicPartition> partitions, RecordFilter filter) {

        static Source of(FollowedTopic topic, KafkaConsumer<byte[], byte[]> consumer) {
            @Nullable List<PartitionInfo> infos = consumer.partitionsFor(topic.name());
            if (infos == null || infos.isEmpty()) {
                throw new UnknownTopicOrPartitionException("Topic %s does not exist".formatted(topic.name()));
            }
            List<TopicPartition> partitions = infos.stream()
                    .map(info -> new TopicPartition(topic.name(), info.partition()))
                    .toList();
            return new Source(topic, partitions, topic.filter().of(partitions.size()));
        }
    }
}
