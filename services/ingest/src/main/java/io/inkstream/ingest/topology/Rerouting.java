package io.inkstream.ingest.topology;

import io.inkstream.corpuslog.deadletters.RecordSize;
import io.inkstream.ingest.rejection.Reason;
import io.inkstream.ingest.rejection.RejectedRecordException;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forwards a record that was produced to a partition other than that of its corpus to the right one, in the same topic and
 * within the transaction in which it was read. Otherwise two partitions with text of one corpus would number its tokens
 * twice, and text and spec would be read by different tasks. The copy is in the right partition, so it is forwarded once.
 */
final class Rerouting {

    private static final Logger log = LoggerFactory.getLogger(Rerouting.class);

    private final ProcessorContext<byte[], Object> context;
    private final Wiring wiring;
    private final String sink;
    private final Set<String> logged = new HashSet<>();

    /** Forwards through a sink of the topology. */
    Rerouting(ProcessorContext<byte[], Object> context, Wiring wiring, String sink) {
        this.context = context;
        this.wiring = wiring;
        this.sink = sink;
    }

    /**
     * Forwards the record if it is in the wrong partition.
     *
     * @param value its original value
     * @return true when it was forwarded and must not be processed here
     * @throws RejectedRecordException if it is in the wrong partition and too large to be forwarded: a record that was
     *     compressed may be larger than the topic accepts
     */
    boolean forward(String corpus, Record<byte[], ?> record, byte @Nullable [] value) {
        int found = context.taskId().partition();
        int home = wiring.partition().of(record.key());
        if (found == home) {
            return false;
        }
        requireAcceptedSize(record, value, found, home);
        context.forward(record.withValue(value), sink);
        wiring.meters().rerouted();
        if (logged.add(corpus)) {
            log.atInfo()
                    .addKeyValue("corpus", corpus)
                    .addKeyValue("partition", found)
                    .addKeyValue("home", home)
                    .log(
                            "Forwarding records to the partition of their corpus: producers with the partitioner murmur2 avoid this");
        }
        return true;
    }

    private void requireAcceptedSize(Record<byte[], ?> record, byte @Nullable [] value, int found, int home) {
        String topic = context.recordMetadata()
                .orElseThrow(() -> new IllegalStateException("No record is being processed"))
                .topic();
        long size = RecordSize.of(record.key(), value, record.headers());
        long largest = wiring.sources().largestRecord(topic);
        if (size > largest) {
            throw new RejectedRecordException(
                    Reason.TOO_LARGE,
                    "The record has %d bytes uncompressed and is in partition %d, but its corpus belongs to partition %d; records of at most %d bytes can be forwarded: produce it with the partitioner murmur2, or in smaller records."
                            .formatted(size, found, home, largest));
        }
    }
}
