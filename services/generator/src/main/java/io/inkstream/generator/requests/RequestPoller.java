package io.inkstream.generator.requests;

import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.consumers.CommittedReads;
import io.inkstream.platform.lifecycle.KafkaContact;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads requests as a member of the generator's group and commits what is answered. It never waits for a model or a
 * token: when as many requests are under way as may be, it pauses its partitions and goes on polling. Requests that wait
 * for the schema registry do not count here until they are very many, so that others can be answered meanwhile.
 *
 * <p>Requests are answered <b>at least once</b>. When a partition is taken away it waits a little for the requests that
 * are under way, commits, and drops the rest, which the partition's new owner answers; an answer that was on its way to
 * the brokers at that moment comes twice. So it is after a crash, for what was answered since the last commit, a second
 * before, and for what was answered before an older request of its partition.
 */
public final class RequestPoller implements Runnable, ConsumerRebalanceListener {

    private static final Logger log = LoggerFactory.getLogger(RequestPoller.class);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration BETWEEN_COMMITS = Duration.ofSeconds(1);
    private static final Duration COMMIT_PATIENCE = Duration.ofSeconds(5);
    private static final Duration REVOCATION_PATIENCE = Duration.ofSeconds(3);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);
    private static final int MOST_POLLED = 64;
    /** How many requests may be under way when those count that wait for the registry. */
    private static final int MOST_HELD = 10_000;
    /** How large they may be together, in bytes. */
    private static final long MOST_BYTES = 64L * 1024 * 1024;

    private final String topic;
    private final Map<String, Object> properties;
    private final RequestOffsets offsets;
    private final int mostUnderWay;
    private final CountDownLatch ready;
    private final BiConsumer<Envelope, Ticket> begin;
    private final MeterRegistry meters;
    private final KafkaContact kafka;
    private final Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
    private KafkaConsumer<byte[], byte[]> consumer;
    private volatile boolean assigned;
    private volatile boolean stopping;

    /**
     * A reader of the topic {@code prefixes}.
     *
     * @param mostUnderWay when so many requests are under way that do not wait for the registry, no more are read
     * @param ready it joins the group when this has opened
     * @param begin sets a request going, and must return at once
     * @param kafka is to look at its consumer
     */
    public RequestPoller(
            Connection connection,
            TopicNames topics,
            RequestOffsets offsets,
            int mostUnderWay,
            CountDownLatch ready,
            BiConsumer<Envelope, Ticket> begin,
            MeterRegistry meters,
            KafkaContact kafka) {
        this.topic = topics.of(Topic.PREFIXES);
        this.properties = properties(connection, topics);
        this.offsets = offsets;
        this.mostUnderWay = mostUnderWay;
        this.ready = ready;
        this.begin = begin;
        this.meters = meters;
        this.kafka = kafka;
    }

    /** True from the first assignment on. */
    public boolean isAssigned() {
        return assigned;
    }

    /** Lets {@link #run} finish what is under way, for a bounded time, and return. */
    public void stop() {
        stopping = true;
    }

    @Override
    public void run() {
        try {
            while (!ready.await(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
                if (stopping) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        try (KafkaConsumer<byte[], byte[]> opened = new KafkaConsumer<>(properties);
                KafkaClientMetrics metrics = new KafkaClientMetrics(opened)) {
            metrics.bindTo(meters);
            kafka.watch(opened::metrics);
            consumer = opened;
            consumer.subscribe(List.of(topic), this);
            long nextCommit = System.nanoTime() + BETWEEN_COMMITS.toNanos();
            while (!stopping) {
                holdBack();
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    TopicPartition partition = new TopicPartition(record.topic(), record.partition());
                    Envelope envelope = Envelope.of(record);
                    begin.accept(envelope, offsets.take(partition, record.offset(), envelope.bytes()));
                }
                if (System.nanoTime() - nextCommit >= 0) {
                    commitInPassing();
                    nextCommit = System.nanoTime() + BETWEEN_COMMITS.toNanos();
                }
            }
            letGo(offsets.partitions(), CLOSE_PATIENCE);
        }
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        assigned = true;
        log.atInfo().addKeyValue("partitions", partitions).log("Requests assigned");
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        letGo(partitions, REVOCATION_PATIENCE);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        drop(partitions);
    }

    private void holdBack() {
        int busy = offsets.busy();
        boolean full = offsets.underWay() >= MOST_HELD || offsets.bytes() >= MOST_BYTES;
        if (full || busy >= mostUnderWay) {
            consumer.pause(consumer.assignment());
        } else if (busy <= mostUnderWay / 2) {
            consumer.resume(consumer.paused());
        }
    }

    private void commitInPassing() {
        Map<TopicPartition, OffsetAndMetadata> news = offsets.committable();
        news.entrySet().removeAll(committed.entrySet());
        if (!news.isEmpty()) {
            consumer.commitAsync(news, (written, problem) -> {
                if (problem == null) {
                    committed.putAll(written);
                } else {
                    log.atWarn()
                            .addKeyValue("problem", problem.getMessage())
                            .log("Offsets not committed; they are next time");
                }
            });
        }
    }

    private void letGo(Collection<TopicPartition> partitions, Duration patience) {
        try {
            offsets.awaitAnswered(partitions, patience);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // what is not answered is dropped below; the commit stays true
        }
        Map<TopicPartition, OffsetAndMetadata> done = offsets.committable();
        done.keySet().retainAll(partitions);
        try {
            if (!done.isEmpty()) {
                consumer.commitSync(done, COMMIT_PATIENCE);
            }
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            log.atWarn()
                    .addKeyValue("problem", e.getMessage())
                    .log("Offsets not committed; these requests are answered again");
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
                    .log("Requests let go");
        }
    }

    private static Map<String, Object> properties(Connection connection, TopicNames topics) {
        Map<String, Object> properties = CommittedReads.properties(connection);
        properties.put(ConsumerConfig.CLIENT_ID_CONFIG, topics.group("generator") + "-requests");
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, topics.group("generator"));
        connection.instance().ifPresent(name -> properties.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, name));
        properties.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        properties.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        // A request that was sent before the first generator started is a request too.
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MOST_POLLED);
        if (!"consumer".equals(properties.get(ConsumerConfig.GROUP_PROTOCOL_CONFIG))) {
            // With the newer protocol these two are the broker's to say.
            properties.putIfAbsent(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
            properties.put(
                    ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        }
        return properties;
    }
}
