package io.inkstream.ingest.topology;

import io.inkstream.ingest.rejection.Reason;
import io.inkstream.ingest.rejection.RejectedRecordException;
import io.inkstream.platform.deadletters.RecordSize;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a record that was produced to another partition than that of its corpus on to the right one, in the same topic
 * and within the transaction in which it was read. Two partitions with text of one corpus would otherwise number its
 * tokens twice, and text would not meet its spec. The copy is in the right place, so it goes round only once.
 */
final class Rerouting {

    private static final Logger log = LoggerFactory.getLogger(Rerouting.class);

    private final ProcessorContext<byte[], Object> context;
    private final Wiring wiring;
    private final String sink;
    private final Set<String> told = new HashSet<>();

    /** Sends on through a sink of the topology. */
    Rerouting(ProcessorContext<byte[], Object> context, Wiring wiring, String sink) {
        this.context = context;
        this.wiring = wiring;
        this.sink = sink;
    }

    /**
     * Sends the record on if it is in the wrong place.
     *
     * @param value its value as it came
     * @return true when it was sent on, so that there is nothing more to do with it here
     * @throws RejectedRecordException if it is in the wrong place and too large to be sent on: a record that was compressed
     *     may be larger than the topic takes
     */
    boolean sendOn(String corpus, Record<byte[], ?> record, byte[] value) {
        int found = context.taskId().partition();
        int home = wiring.partition().of(record.key());
        if (found == home) {
            return false;
        }
        requireThatItFits(record, value, found, home);
        context.forward(record.withValue(value), sink);
        wiring.meters().rerouted();
        if (told.add(corpus)) {
            log.atInfo()
                    .addKeyValue("corpus", corpus)
                    .addKeyValue("partition", found)
                    .addKeyValue("home", home)
                    .log(
                            "Records are sent on to the partition of their corpus: with the partitioner murmur2 the producer would spare this");
        }
        return true;
    }

    private void requireThatItFits(Record<byte[], ?> record, byte[] value, int found, int home) {
        String topic = context.recordMetadata()
                .orElseThrow(() -> new IllegalStateException("No record is being processed"))
                .topic();
        long size = RecordSize.of(record.key(), value, record.headers());
        long largest = wiring.sources().largestRecord(topic);
        if (size > largest) {
            throw new RejectedRecordException(
                    Reason.TOO_LARGE,
                    "The record has %d bytes uncompressed and is in partition %d instead of %d, where its corpus lives; sending it on takes at most %d bytes: produce it with the partitioner murmur2, or in smaller records."
                            .formatted(size, found, home, largest));
        }
    }
}
