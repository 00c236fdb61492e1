package io.inkstream.ingest.topology;

import io.inkstream.ingest.metrics.IngestMeters;
import io.inkstream.ingest.positions.LostText;
import io.inkstream.ingest.positions.PolledOffsets;
import io.inkstream.ingest.sources.SourceTopics;
import io.inkstream.platform.topics.CorpusPartition;
import io.inkstream.platform.topics.TopicNames;

/**
 * What all processors of the topology work with.
 *
 * @param topics names of the topics
 * @param partition where a corpus lives
 * @param sources what the cluster says of the topics that are read
 * @param polled what the consumers know of the offsets between two records
 * @param lost where it is noted that text cannot be read any more
 * @param meters what is counted
 */
public record Wiring(
        TopicNames topics,
        CorpusPartition partition,
        SourceTopics sources,
        PolledOffsets polled,
        LostText lost,
        IngestMeters meters) {

    /** Nothing was polled yet, and nothing lost. */
    public Wiring(TopicNames topics, CorpusPartition partition, SourceTopics sources, IngestMeters meters) {
        this(topics, partition, sources, new PolledOffsets(), new LostText(meters), meters);
    }
}
