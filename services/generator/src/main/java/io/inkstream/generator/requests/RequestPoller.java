package io.inkstream.generator.requests;

import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.platform.consumers.ConsumerFactory;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/**
 * The thread that reads requests as a member of the generator's group and commits what is answered. It never waits for a
 * model or a token: while too many requests are pending, it pauses its partitions and keeps polling. Requests that wait for
 * the schema registry count only towards a much higher limit, so that others can be answered meanwhile.
 *
 * <p>Requests are answered <b>at least once</b>. When a partition is revoked, it waits a short time for the pending
 * requests, commits, and drops the rest, which the partition's new owner answers; an answer that was being written at that
 * moment is written twice. After a crash this also happens to requests that were answered since the last commit, one second
 * before, or before an older request of the same partition.
 */
public final class RequestPoller implements Runnable {

    private static final Duration POLL_TIMEOUT = Duration.ofMillis(50);
    private static final int MAX_POLL_RECORDS = 64;

    private final ConsumerFactory consumers;
    private final TopicNames topics;
    private final RequestOffsets offsets;
    private final int maxBusy;
    private final CountDownLatch ready;
    private final BiConsumer<RequestRecord, PendingRequest> begin;
    private volatile boolean assigned;
    private volatile boolean stopping;

    /**
     * A reader of the topic {@code prefixes}.
     *
     * @param maxBusy no more requests are read while this many are pending that do not wait for the registry
     * @param ready it joins the group when this has opened
     * @param begin starts a request, and must return at once
     */
    public RequestPoller(
            ConsumerFactory consumers,
            TopicNames topics,
            RequestOffsets offsets,
            int maxBusy,
            CountDownLatch ready,
            BiConsumer<RequestRecord, PendingRequest> begin) {
        this.consumers = consumers;
        this.topics = topics;
        this.offsets = offsets;
        this.maxBusy = maxBusy;
        this.ready = ready;
        this.begin = begin;
    }

    /** True from the first assignment on. */
    public boolean isAssigned() {
        return assigned;
    }

    /** Makes {@link #run} wait a limited time for the pending requests, and return. */
    public void stop() {
        stopping = true;
    }

    @Override
    public void run() {
        if (!awaitReady()) {
            return;
        }
        String group = topics.group("generator");
        // It starts at the earliest offset: a request that was sent before the first generator started is answered too.
        try (KafkaConsumer<byte[], byte[]> opened = consumers.openMember(
                group + "-requests",
                group,
                properties -> properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MAX_POLL_RECORDS))) {
            RequestConsumer consumer = new RequestConsumer(opened, offsets, maxBusy, begin, () -> assigned = true);
            consumer.subscribe(topics.of(Topic.PREFIXES));
            while (!stopping) {
                consumer.poll(POLL_TIMEOUT);
            }
            consumer.finish();
        }
    }

    /** Returns false when it is stopped before. */
    private boolean awaitReady() {
        try {
            while (!ready.await(POLL_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                if (stopping) {
                    return false;
                }
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
