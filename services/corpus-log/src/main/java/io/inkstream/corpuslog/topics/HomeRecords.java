package io.inkstream.corpuslog.topics;

import io.inkstream.platform.consumers.RecordFilter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which records of a topic that is keyed by corpus count: those in the partition where their corpus lives. Records of two
 * partitions have no order, so it would be undefined which record of a key in both of them is the newest. A spec that a
 * producer with another partitioner has sent elsewhere counts as soon as ingest has forwarded it. Safe for use by several
 * threads.
 */
public final class HomeRecords implements RecordFilter {

    /** One warning for each corpus, up to this many. */
    private static final int MAX_WARNINGS = 1_000;

    private static final Logger log = LoggerFactory.getLogger(HomeRecords.class);

    private final CorpusPartition home;
    private final UnaryOperator<byte[]> corpusOf;
    private final Set<String> warned = ConcurrentHashMap.newKeySet();

    private HomeRecords(int partitions, UnaryOperator<byte[]> corpusOf) {
        this.home = new CorpusPartition(partitions);
        this.corpusOf = corpusOf;
    }

    /** The records of a topic with this partition count whose keys are corpora. */
    public static HomeRecords byCorpus(int partitions) {
        return new HomeRecords(partitions, UnaryOperator.identity());
    }

    /** The records of a topic with this partition count whose keys are corpora and slots, for instance {@code wells/2}. */
    public static HomeRecords bySlot(int partitions) {
        return new HomeRecords(partitions, HomeRecords::withoutSlot);
    }

    /** True when the record counts. A record without a key, which has no corpus, is left to the reader. */
    @Override
    public boolean accepts(ConsumerRecord<byte[], ?> record) {
        return record.key() == null || count(record.topic(), record.partition(), record.offset(), record.key());
    }

    /** As {@link #accepts(ConsumerRecord)}, of a record whose key was read as text. */
    public boolean acceptsText(ConsumerRecord<String, ?> record) {
        return record.key() == null
                || count(
                        record.topic(),
                        record.partition(),
                        record.offset(),
                        record.key().getBytes(StandardCharsets.UTF_8));
    }

    private boolean count(String topic, int partition, long offset, byte[] key) {
        byte[] corpus = corpusOf.apply(key);
        int expected = home.of(corpus);
        if (expected == partition) {
            return true;
        }
        String name = new String(corpus, StandardCharsets.UTF_8);
        if (warned.size() < MAX_WARNINGS && warned.add(name)) {
            log.atWarn()
                    .addKeyValue("corpus", name)
                    .addKeyValue("topic", topic)
                    .addKeyValue("partition", partition)
                    .addKeyValue("offset", offset)
                    .addKeyValue("home", expected)
                    .log("Records outside the partition of their corpus are ignored");
        }
        return false;
    }

    private static byte[] withoutSlot(byte[] key) {
        for (int i = key.length - 1; i > 0; i--) {
            if (key[i] == '/') {
                return Arrays.copyOf(key, i);
            }
        }
        return key;
    }
}
