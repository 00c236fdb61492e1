package io.inkstream.ingest.sources;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/** What the cluster knows about the topics that ingest reads. */
public interface SourceTopics {

    /** The largest record that a topic accepts, in bytes, uncompressed: one that was compressed may be larger. */
    long largestRecord(String topic);

    /** The current id of a topic: one that was deleted and created again has another (KIP-516). */
    Uuid id(String topic);

    /** The current first offset of a partition: records before it were deleted. */
    long start(TopicPartition partition);
}
