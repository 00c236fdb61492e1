package io.inkstream.corpuslog.tokens;

import io.inkstream.corpuslog.deadletters.RejectedRecords;
import io.inkstream.platform.InkstreamException;
import io.inkstream.schemas.TokenBlock;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * A partition of the tokens topic, read from its start: the corpora in it, kept outside the heap. The polling thread
 * appends, the training thread reads.
 */
public final class PartitionTokens {

    private final int partition;
    private final long endAtAssignment;
    private final Map<String, CorpusTokens> corpora = new ConcurrentHashMap<>();
    private final RejectedRecords rejected;
    private final AtomicLong position = new AtomicLong();

    /**
     * A partition of which nothing was read yet.
     *
     * @param rejected where records go that cannot be read
     * @param endAtAssignment the end of the partition when it was assigned; training begins once it is reached
     */
    public PartitionTokens(int partition, RejectedRecords rejected, long endAtAssignment) {
        this.partition = partition;
        this.rejected = rejected;
        this.endAtAssignment = endAtAssignment;
    }

    public int partition() {
        return partition;
    }

    /** True when everything was read that was there at the assignment. */
    public boolean caughtUp() {
        return position.get() >= endAtAssignment;
    }

    /** The offset that is read next. */
    public long position() {
        return position.get();
    }

    /** Sets the offset that is read next, which moves past transaction markers too. */
    public void moveTo(long offset) {
        position.set(offset);
    }

    /** The corpora that have tokens here, by name. */
    public Map<String, CorpusTokens> corpora() {
        return corpora;
    }

    /** The records that could not be read and are not dead letters yet. */
    public RejectedRecords rejected() {
        return rejected;
    }

    /** Reads one record; what cannot be read becomes a dead letter, once. */
    public void append(ConsumerRecord<byte[], byte[]> record, Deserializer<TokenBlock> deserializer) {
        try {
            if (record.key() == null || record.value() == null) {
                throw new InkstreamException("A token block needs a key, the corpus, and a value.");
            }
            String corpus = new String(record.key(), StandardCharsets.UTF_8);
            TokenBlock block = deserializer.deserialize(record.topic(), record.headers(), record.value());
            corpora.computeIfAbsent(corpus, name -> new CorpusTokens(partition, block))
                    .append(block, record.offset());
        } catch (InkstreamException | SerializationException | IllegalArgumentException e) {
            rejected.add(record, e);
        }
    }
}
