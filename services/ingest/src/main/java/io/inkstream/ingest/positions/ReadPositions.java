package io.inkstream.ingest.positions;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The positions up to which the partitions of a task were read, by topic: a key-value store in memory, with a changelog
 * topic. Kafka deletes the offsets of a group that is empty for a week, but keeps these, and changes to them are committed
 * with the output.
 */
public final class ReadPositions {

    /** Topic to {@link ReadPosition}. */
    public static final String STORE = "positions";

    private final KeyValueStore<String, ReadPosition> positions;

    /** The positions of a processor's task. */
    public ReadPositions(ProcessingContext context) {
        positions = context.getStateStore(STORE);
    }

    /** Builder of the store, for a topology. It is cached: of the changes between two commits one is written. */
    public static StoreBuilder<?> builder() {
        return Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(STORE), Serdes.String(), serde())
                .withCachingEnabled();
    }

    /** The position in the task's partition of a topic, if anything of it was read. */
    public Optional<ReadPosition> of(String topic) {
        return Optional.ofNullable(positions.get(topic));
    }

    /** Sets the position in a topic. */
    public void put(String topic, ReadPosition position) {
        positions.put(topic, position);
    }

    private static Serde<ReadPosition> serde() {
        return Serdes.serdeFrom(
                (topic, position) ->
                        position == null ? null : position.toString().getBytes(StandardCharsets.UTF_8),
                (topic, bytes) -> bytes == null ? null : ReadPosition.parse(new String(bytes, StandardCharsets.UTF_8)));
    }
}
