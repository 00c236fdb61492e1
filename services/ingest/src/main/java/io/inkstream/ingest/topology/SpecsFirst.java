package io.inkstream.ingest.topology;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/**
 * Orders specs before text. Of the records that are buffered in a task, Kafka Streams processes the one with the smallest
 * timestamp; a spec that was acknowledged before a text was produced must come first, but its timestamp need not be
 * smaller: two producers have two clocks, and a text may have the date of its book. So a spec counts as older than any
 * text. A spec that was produced after a text that is still buffered comes before it too, which does no harm.
 *
 * <p>That both are buffered, rather than the text only, is ensured by {@code max.task.idle.ms}: at 0, text is not processed
 * until the end of the corpora partition is known and everything up to it was fetched. A larger value would add nothing:
 * it counts from when the corpora were first read to their end, not from the text.
 */
final class SpecsFirst implements TimestampExtractor {

    @Override
    public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
        return 0;
    }
}
