package io.inkstream.ingest.topology;

import io.inkstream.corpuslog.topics.CorpusPartition;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.ingest.metrics.IngestMeters;
import io.inkstream.ingest.positions.LostText;
import io.inkstream.ingest.positions.PolledOffsets;
import io.inkstream.ingest.positions.TextProgress;
import io.inkstream.ingest.sources.SourceTopics;

/**
 * What all processors of the topology use.
 *
 * @param topics names of the topics
 * @param partition of each corpus
 * @param sources what the cluster knows about the topics that are read
 * @param polled what the consumers know about the offsets between two records
 * @param progress up to where text is processed
 * @param lost text that was deleted before it was read
 * @param meters the metrics
 */
public record Wiring(
        TopicNames topics,
        CorpusPartition partition,
        SourceTopics sources,
        PolledOffsets polled,
        TextProgress progress,
        LostText lost,
        IngestMeters meters) {

    /** Before anything was polled or lost. */
    public Wiring(TopicNames topics, CorpusPartition partition, SourceTopics sources, IngestMeters meters) {
        this(topics, partition, sources, new PolledOffsets(), meters);
    }

    private Wiring(
            TopicNames topics,
            CorpusPartition partition,
            SourceTopics sources,
            PolledOffsets polled,
            IngestMeters meters) {
        this(topics, partition, sources, polled, new TextProgress(polled), new LostText(meters), meters);
    }
}
