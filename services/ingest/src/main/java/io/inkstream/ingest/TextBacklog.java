package io.inkstream.ingest;

import io.inkstream.ingest.positions.TextProgress;
import io.inkstream.ingest.sources.TopicAdmin;
import io.inkstream.platform.observability.PartitionProgress;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/**
 * How far this instance is with the partitions of the text topic that its tasks read. Where a task has neither processed nor
 * polled anything, that is where its group begins to read. Used by one thread.
 */
final class TextBacklog implements Supplier<Map<TopicPartition, PartitionProgress>> {

    private final TextProgress text;
    private final TopicAdmin sources;
    private final String group;
    private final Map<TopicPartition, Long> beginnings = new HashMap<>();

    TextBacklog(TextProgress text, TopicAdmin sources, String group) {
        this.text = text;
        this.sources = sources;
        this.group = group;
    }

    @Override
    public Map<TopicPartition, PartitionProgress> get() {
        Set<TopicPartition> owned = text.partitions();
        beginnings.keySet().retainAll(owned);
        return owned.stream().collect(Collectors.toMap(partition -> partition, this::progress));
    }

    private PartitionProgress progress(TopicPartition partition) {
        long beginning = beginnings.computeIfAbsent(partition, unknown -> sources.beginning(group, unknown));
        return PartitionProgress.finishedTo(
                Math.max(beginning, text.next(partition).orElse(0)));
    }
}
