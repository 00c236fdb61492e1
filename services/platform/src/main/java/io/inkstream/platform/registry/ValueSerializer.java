package io.inkstream.platform.registry;

import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Writes values of one generated class with whichever serde is configured, and closes that serde.
 *
 * @param <T> the generated class
 */
final class ValueSerializer<T extends SpecificRecord> implements Serializer<T> {

    private final Serde<SpecificRecord> serde;

    ValueSerializer(Serde<SpecificRecord> serde) {
        this.serde = serde;
    }

    @Override
    public byte[] serialize(String topic, T value) {
        return serde.serializer().serialize(topic, value);
    }

    @Override
    public byte[] serialize(String topic, Headers headers, T value) {
        return serde.serializer().serialize(topic, headers, value);
    }

    @Override
    public void close() {
        serde.close();
    }
}
