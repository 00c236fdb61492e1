package io.inkstream.ingest.topology;

import io.inkstream.corpuslog.topics.CorpusPartition;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.ingest.metrics.IngestMeters;
import io.inkstream.ingest.sources.SourceTopics;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/** What processors need, without a cluster. */
final class Wirings {

    static final TopicNames TOPICS = new TopicNames("inkstream");
    static final int LARGEST_RECORD = 1_048_588;

    private Wirings() {}

    static Wiring of(int partitions, IngestMeters meters) {
        return new Wiring(TOPICS, new CorpusPartition(partitions), new OldTopics(), meters);
    }

    /** Topics that do not change and lose no records. */
    private static final class OldTopics implements SourceTopics {

        @Override
        public long largestRecord(String topic) {
            return LARGEST_RECORD;
        }

        @Override
        public Uuid id(String topic) {
            return Uuid.ONE_UUID;
        }

        @Override
        public long start(TopicPartition partition) {
            return 0;
        }
    }
}
