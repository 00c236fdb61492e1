package io.inkstream.trainer.partitions;

import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.deadletters.DeadLetter;
import io.inkstream.schemas.TokenBlock;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * A partition of the tokens topic, read from its start: the corpora in it, kept outside the heap. The polling thread
 * appends, the training thread reads.
 */
public final class PartitionTokens {

    private final int partition;
    private final long committedOffset;
    private final long endAtAssignment;
    private final String deadLetterTopic;
    private final Map<String, CorpusTokens> corpora = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<ProducerRecord<byte[], byte[]>> deadLetters = new ConcurrentLinkedQueue<>();
    private final AtomicLong position = new AtomicLong();

    /**
     * A partition of which nothing was read yet.
     *
     * @param committedOffset the group's committed offset: what was refused before it is a dead letter already
     * @param endAtAssignment the end of the partition when it was assigned; training begins once it is reached
     */
    public PartitionTokens(int partition, long committedOffset, long endAtAssignment, String deadLetterTopic) {
        this.partition = partition;
        this.committedOffset = committedOffset;
        this.endAtAssignment = endAtAssignment;
        this.deadLetterTopic = deadLetterTopic;
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

    /** Names the offset that is read next, which moves past transaction markers too. */
    public void moveTo(long offset) {
        position.set(offset);
    }

    /** The corpora that have tokens here, by name. */
    public Map<String, CorpusTokens> corpora() {
        return corpora;
    }

    /** Takes the records that could not be read, to be sent with the next transaction. */
    public List<ProducerRecord<byte[], byte[]>> takeDeadLetters() {
        List<ProducerRecord<byte[], byte[]>> taken = new ArrayList<>();
        for (var letter = deadLetters.poll(); letter != null; letter = deadLetters.poll()) {
            taken.add(letter);
        }
        return taken;
    }

    /** Puts dead letters back whose transaction failed. */
    public void returnDeadLetters(Collection<ProducerRecord<byte[], byte[]>> letters) {
        deadLetters.addAll(letters);
    }

    /** True when dead letters wait for a transaction. */
    public boolean hasDeadLetters() {
        return !deadLetters.isEmpty();
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
            if (record.offset() >= committedOffset) {
                deadLetters.add(DeadLetter.of(deadLetterTopic, record, e));
            }
        }
    }
}
