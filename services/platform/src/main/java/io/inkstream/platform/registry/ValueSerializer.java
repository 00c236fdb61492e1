package io.inkstream.platform.registry;

import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Writes values of one generated class with whichever serde is configured, and closes that serde. Fails as {@link SerdeCalls} says.
 *
 * @param <T> the generated class
 */
final class ValueSerializer<T extends SpecificRecord> implements Serializer<T> {

    private final Serde<SpecificRecord> serde;

    private final SerdeCalls calls;

    ValueSerializer(Serde<SpecificRecord> serde, SerdeCalls calls) {
        this.serde = serde;
        this.calls = calls;
    }

    @Override
    public byte[] serialize(String topic, T value) {
        return calls.call(topic, "written", () -> serde.serializer().serialize(topic, value));
    }

    @Override
    public byte[] serialize(String topic, Headers headers, T value) {
        return calls.call(topic, "written", () -> serde.serializer().serialize(topic, headers, value));
    }

    @Override
    public void close() {
        serde.close();
    }
}
