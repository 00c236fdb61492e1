package io.inkstream.ingest.positions;

import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;

/**
 * Up to which offset the tasks of this instance have processed their text: what their processors report, and past the
 * markers after that, what the consumers of Kafka Streams have seen since. Safe for use by several threads.
 */
public final class TextProgress {

    private final PolledOffsets polled;
    private final Map<TopicPartition, Processed> tasks = new ConcurrentHashMap<>();

    /**
     * What a task has processed.
     *
     * @param task by which a task that was moved to another thread is told from its successor
     * @param next the offset that it processes next; empty when that is not known yet
     */
    private record Processed(Object task, OptionalLong next) {}

    /** No tasks yet. */
    public TextProgress(PolledOffsets polled) {
        this.polled = polled;
    }

    /**
     * Records that a task was initialized.
     *
     * @param task identifies it
     * @param next the offset that it processes next; empty when that is not known yet
     */
    public void resumed(TopicPartition partition, Object task, OptionalLong next) {
        tasks.put(partition, new Processed(task, next));
    }

    /** Records that a task has processed everything before an offset. */
    public void processed(TopicPartition partition, long next) {
        tasks.computeIfPresent(partition, (key, before) -> new Processed(before.task(), OptionalLong.of(next)));
    }

    /** Records that a task was closed. */
    public void closed(TopicPartition partition, Object task) {
        tasks.computeIfPresent(partition, (key, open) -> open.task() == task ? null : open);
    }

    /** The partitions of the open tasks. */
    public Set<TopicPartition> partitions() {
        return Set.copyOf(tasks.keySet());
    }

    /** The offset before which nothing is left to process; empty when nothing was processed or polled yet. */
    public OptionalLong next(TopicPartition partition) {
        Processed task = tasks.get(partition);
        return polled.settled(partition, task == null ? OptionalLong.empty() : task.next());
    }
}
