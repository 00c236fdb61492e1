package io.inkstream.ingest.topology;

import io.inkstream.ingest.positions.ReadPosition;
import io.inkstream.ingest.positions.ReadPositions;
import io.inkstream.platform.topics.Topic;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that no record of a task's partition of a topic is processed twice, whatever became of the group's offsets, and
 * that records which were deleted before they were processed are not passed over in silence.
 *
 * <p>What was read is known by offset, and by the topic's id: in a topic that was deleted and made anew, nothing was read. A
 * gap between two records is nothing to speak of, as transactions leave one; records are lost when the partition begins
 * behind the one that was to be read next.
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
     * Begins with what the task's store holds, and asks the brokers for the topic as it is now.
     *
     * @param topic the source; of a compacted one nothing is lost when records are deleted
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
        noteWhatIsLost(Long.MAX_VALUE);
    }

    /** True when the present record was processed before, and is to be left out. */
    boolean hasRead() {
        long offset = offset();
        if (offset >= next) {
            repeating = false;
            if (offset > next && wiring.polled().beginsPoll(partition, offset)) {
                noteWhatIsLost(offset);
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
                    .log("The group's offset is behind what was read: records are skipped until there");
        }
        repeating = true;
        wiring.meters().repeated();
        return true;
    }

    /** Notes that the present record was processed. */
    void read() {
        next = wiring.polled().after(partition, offset());
        positions.put(partition.topic(), new ReadPosition(topicId, next));
    }

    /** Offsets go back in two cases: the group's were lost, or the topic was made anew while it was read. */
    private boolean isNewTopic() {
        Uuid now = wiring.sources().id(partition.topic());
        if (now.equals(topicId)) {
            return false;
        }
        topicId = now;
        next = NOTHING_READ;
        return true;
    }

    private void noteWhatIsLost(long before) {
        if (maybeDeleted && next != NOTHING_READ) {
            long start = wiring.sources().start(partition);
            wiring.lost().note(partition, topicId, next, Math.min(start, before));
        }
    }

    private long offset() {
        return context.recordMetadata()
                .orElseThrow(() -> new IllegalStateException("No record is being processed"))
                .offset();
    }
}
