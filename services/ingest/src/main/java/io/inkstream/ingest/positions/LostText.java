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
 * cannot be had back, so it is said: in the log, in the metrics and in the health. Safe for use by several threads.
 */
public final class LostText {

    private static final Logger log = LoggerFactory.getLogger(LostText.class);

    private final IngestMeters meters;
    private final Map<String, Long> known = new ConcurrentHashMap<>();
    private final AtomicLong lost = new AtomicLong();

    /** None yet. */
    public LostText(IngestMeters meters) {
        this.meters = meters;
    }

    /**
     * Notes offsets that cannot be read any more; those that were noted before count once.
     *
     * @param topicId of the partition's topic as it is now
     * @param from the first
     * @param to the one after the last
     */
    public synchronized void note(TopicPartition partition, Uuid topicId, long from, long to) {
        String place = topicId + "-" + partition.partition();
        long begin = Math.max(from, known.getOrDefault(place, 0L));
        if (begin >= to) {
            return;
        }
        known.put(place, to);
        lost.addAndGet(to - begin);
        meters.lost(to - begin);
        log.atError()
                .addKeyValue("topic", partition.topic())
                .addKeyValue("partition", partition.partition())
                .addKeyValue("offset", begin)
                .addKeyValue("records", to - begin)
                .log(
                        "Text was deleted before it was read: give its topic a longer retention, and produce that text again");
    }

    /** What was lost since the start, for a person to read; empty if nothing was. */
    public Optional<String> inWords() {
        return lost.get() == 0
                ? Optional.empty()
                : Optional.of("up to %d records of text were deleted before they were read".formatted(lost.get()));
    }
}
