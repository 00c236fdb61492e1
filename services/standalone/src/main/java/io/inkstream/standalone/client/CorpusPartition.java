package io.inkstream.standalone.client;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Utils;

/** The partition that a corpus has in every topic that is keyed by corpus. */
final class CorpusPartition {

    private CorpusPartition() {}

    /** What Kafka's default partitioner chooses for the corpus's name among so many partitions. */
    static int of(String corpus, int partitions) {
        return Utils.toPositive(Utils.murmur2(corpus.getBytes(StandardCharsets.UTF_8))) % partitions;
    }
}
