package io.inkstream.corpuslog.topics;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Utils;

/**
 * Where a corpus lives: the partition that Kafka's own producer chooses for its key, in every topic that is keyed by
 * corpus. Other clients choose differently (librdkafka, and with it kcat and most languages, uses CRC32), so a record may be
 * in another partition than the one in which its corpus lives.
 *
 * @param count partitions of each of these topics
 */
public record CorpusPartition(int count) {

    public CorpusPartition {
        if (count < 1) {
            throw new IllegalArgumentException("A topic cannot have %d partitions".formatted(count));
        }
    }

    /** The partition of the corpus with this record key. */
    public int of(byte[] key) {
        return Utils.toPositive(Utils.murmur2(key)) % count;
    }

    /** The partition of the corpus of this name. */
    public int of(String corpus) {
        return of(corpus.getBytes(StandardCharsets.UTF_8));
    }
}
