package io.inkstream.platform.registry;

import java.nio.ByteBuffer;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;

/**
 * Reads values of one generated class with whichever serde is configured, and closes that serde. Fails as {@link SerdeCalls} says. A
 * serde returns the class that a record's own schema names, whatever its reader expects: a value of another class is a
 * {@link SerializationException}.
 *
 * @param <T> the generated class
 */
final class ValueDeserializer<T extends SpecificRecord> implements Deserializer<T> {

    private final Serde<?> serde;
    private final Class<T> type;
    private final SerdeCalls calls;

    ValueDeserializer(Serde<?> serde, Class<T> type, SerdeCalls calls) {
        this.serde = serde;
        this.type = type;
        this.calls = calls;
    }

    @Override
    public T deserialize(String topic, byte[] bytes) {
        return checked(topic, () -> serde.deserializer().deserialize(topic, bytes));
    }

    @Override
    public T deserialize(String topic, Headers headers, byte[] bytes) {
        return checked(topic, () -> serde.deserializer().deserialize(topic, headers, bytes));
    }

    @Override
    public T deserialize(String topic, Headers headers, ByteBuffer buffer) {
        return checked(topic, () -> serde.deserializer().deserialize(topic, headers, buffer));
    }

    @Override
    public void close() {
        serde.close();
    }

    private T checked(String topic, Supplier<Object> decoded) {
        Object value = calls.call(topic, "read", decoded);
        if (value == null || type.isInstance(value)) {
            return type.cast(value);
        }
        throw new SerializationException("A record of topic %s holds a %s and not a %s."
                .formatted(topic, value.getClass().getSimpleName(), type.getSimpleName()));
    }
}
