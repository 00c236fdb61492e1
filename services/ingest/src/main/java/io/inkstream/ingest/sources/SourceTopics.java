package io.inkstream.ingest.sources;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/** What the cluster says of the topics that ingest reads. */
public interface SourceTopics {

    /** The largest record that a topic takes, in bytes, uncompressed: what was taken compressed may be larger. */
    long largestRecord(String topic);

    /** The id of a topic as it is now: one that was deleted and made anew has another (KIP-516). */
    Uuid id(String topic);

    /** The offset with which a partition begins now: what lay below it was deleted. */
    long start(TopicPartition partition);
}
