package io.inkstream.ingest.topology;

import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.ingest.positions.ReadPosition;
import io.inkstream.ingest.positions.ReadPositions;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ensures that no record of a task's partition of a topic is processed twice, whatever happened to the group's offsets, and
 * that records which were deleted before they were processed are reported.
 *
 * <p>What was read is known by offset and by the id of the topic: of a topic that was deleted and created again, nothing was
 * read. A gap between two records is normal, as transactions leave them; records are lost when the partition starts after
 * the record that should be read next.
 */
final class ReadOnce {

    private static final Logger log = LoggerFactory.getLogger(ReadOnce.class);
    private static final long NOTHING_READ = -1;

    private final ProcessorContext<byte[], Object> context;
    private final Wiring wiring;
    private final boolean maybeDeleted;
    private final TopicPartition partition;
    private final ReadPositions positions;
    private Uuid topicId;
    private long next;
    private boolean repeating;

    /**
     * Starts from what the task's store contains, and looks up the current topic.
     *
     * @param topic the source; when it is compacted, nothing is lost when records are deleted
     */
    ReadOnce(ProcessorContext<byte[], Object> context, Wiring wiring, Topic topic) {
        this.context = context;
        this.wiring = wiring;
        this.maybeDeleted = topic == Topic.TEXT;
        this.partition =
                new TopicPartition(wiring.topics().of(topic), context.taskId().partition());
        this.positions = new ReadPositions(context);
        wiring.polled().forget(partition);
        topicId = wiring.sources().id(partition.topic());
        next = positions
                .of(partition.topic())
                .filter(position -> position.topic().equals(topicId))
                .map(ReadPosition::next)
                .orElse(NOTHING_READ);
        resumed();
        recordLoss(Long.MAX_VALUE);
    }

    /** True when the current record was processed before, and must be skipped. */
    boolean alreadyRead() {
        long offset = offset();
        if (offset >= next) {
            repeating = false;
            if (offset > next && wiring.polled().beginsPoll(partition, offset)) {
                recordLoss(offset);
            }
            return false;
        }
        if (!repeating && isNewTopic()) {
            return false;
        }
        if (!repeating) {
            log.atInfo()
                    .addKeyValue("topic", partition.topic())
                    .addKeyValue("partition", partition.partition())
                    .addKeyValue("offset", offset)
                    .addKeyValue("next", next)
                    .log("Skipping records that were read before: the offset of the group is behind");
        }
        repeating = true;
        wiring.meters().repeated();
        return true;
    }

    /** Records that the current record was processed. */
    void markRead() {
        next = wiring.polled().after(partition, offset());
        positions.put(partition.topic(), new ReadPosition(topicId, next));
        wiring.progress().processed(partition, next);
    }

    /** The task is closed. */
    void close() {
        wiring.progress().closed(partition, context);
    }

    /** Offsets go back in two cases: those of the group were lost, or the topic was created again while it was read. */
    private boolean isNewTopic() {
        Uuid now = wiring.sources().id(partition.topic());
        if (now.equals(topicId)) {
            return false;
        }
        topicId = now;
        next = NOTHING_READ;
        resumed();
        return true;
    }

    private void resumed() {
        if (maybeDeleted) {
            OptionalLong known = next == NOTHING_READ ? OptionalLong.empty() : OptionalLong.of(next);
            wiring.progress().resumed(partition, context, known);
        }
    }

    private void recordLoss(long before) {
        if (maybeDeleted && next != NOTHING_READ) {
            long start = wiring.sources().start(partition);
            wiring.lost().record(partition, topicId, next, Math.min(start, before));
        }
    }

    private long offset() {
        return context.recordMetadata()
                .orElseThrow(() -> new IllegalStateException("No record is being processed"))
                .offset();
    }
}
