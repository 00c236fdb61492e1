package io.inkstream.ingest.positions;

import io.inkstream.ingest.metrics.IngestMeters;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Text that was deleted before ingest had read it, for instance by the retention of its topic while ingest was stopped. It
 * cannot be recovered, so it is reported in the log, in the metrics and in the health. Safe for use by several threads.
 */
public final class LostText {

    private static final Logger log = LoggerFactory.getLogger(LostText.class);

    private final IngestMeters meters;
    private final Map<String, Long> known = new ConcurrentHashMap<>();
    private final AtomicLong lost = new AtomicLong();

    /** No losses yet. */
    public LostText(IngestMeters meters) {
        this.meters = meters;
    }

    /**
     * Records offsets that can no longer be read; each is counted once.
     *
     * @param topicId current id of the partition's topic
     * @param from the first offset
     * @param to the offset after the last
     */
    public synchronized void record(TopicPartition partition, Uuid topicId, long from, long to) {
        String partitionId = topicId + "-" + partition.partition();
        long begin = Math.max(from, known.getOrDefault(partitionId, 0L));
        if (begin >= to) {
            return;
        }
        known.put(partitionId, to);
        lost.addAndGet(to - begin);
        meters.lost(to - begin);
        log.atError()
                .addKeyValue("topic", partition.topic())
                .addKeyValue("partition", partition.partition())
                .addKeyValue("offset", begin)
                .addKeyValue("records", to - begin)
                .log(
                        "Text was deleted before it was read: set a longer retention for its topic and produce the text again");
    }

    /** A sentence about the losses since the start; empty if there are none. */
    public Optional<String> summary() {
        return lost.get() == 0
                ? Optional.empty()
                : Optional.of("up to %d records of text were deleted before they were read".formatted(lost.get()));
    }
}
