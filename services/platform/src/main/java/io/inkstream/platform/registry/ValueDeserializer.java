package io.inkstream.platform.registry;

import java.nio.ByteBuffer;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;

/**
 * Reads values of one generated class with whichever serde is configured, so that the exception says whose fault a failure is: a
 * {@link SerializationException} is the record's, a {@link RegistryUnavailableException} passes. Closes that serde.
 *
 * <p>A serde returns the class that a record's own schema names, whatever its reader expects; and some serdes report an
 * unavailable registry as they report a broken record.
 *
 * @param <T> the generated class
 */
final class ValueDeserializer<T extends SpecificRecord> implements Deserializer<T> {

    private final Serde<?> serde;
    private final Class<T> type;

    ValueDeserializer(Serde<?> serde, Class<T> type) {
        this.serde = serde;
        this.type = type;
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
        Object value;
        try {
            value = decoded.get();
        } catch (SerializationException e) {
            if (Outage.caused(e)) {
                throw new RegistryUnavailableException(
                        "A record of topic %s cannot be read now: the schema registry does not answer."
                                .formatted(topic),
                        e);
            }
            throw e;
        }
        if (value == null || type.isInstance(value)) {
            return type.cast(value);
        }
        throw new SerializationException("A record of topic %s holds a %s and not a %s."
                .formatted(topic, value.getClass().getSimpleName(), type.getSimpleName()));
    }
}
