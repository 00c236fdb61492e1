package io.inkstream.corpuslog.deadletters;

import java.util.List;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What a transaction commits besides its checkpoint.
 *
 * @param deadLetters those of records that could not be read
 * @param positions the offsets below which all rejected records are dead letters then
 * @param untrained of the tokens partition: the first record that no checkpoint covers
 */
public record Settlement(
        List<ProducerRecord<byte[], byte[]>> deadLetters, DeadLetterPositions positions, long untrained) {

    /** Keeps a copy. */
    public Settlement {
        deadLetters = List.copyOf(deadLetters);
    }

    /** The group's offset for the tokens. */
    public OffsetAndMetadata offset() {
        return positions.with(untrained);
    }
}
