package io.inkstream.platform.registry;

import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.config.Connection;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;

/** Makes the configured serde, as Kafka does it: by class name, with a constructor without parameters. */
public final class RecordSerdes {

    static {
        TrustedSchemas.trust();
    }

    private RecordSerdes() {}

    /**
     * A deserializer for record values that come from anybody: what is no such value is a {@link
     * org.apache.kafka.common.errors.SerializationException}, and a registry that is away a {@link
     * RegistryUnavailableException}, whichever serde is configured.
     *
     * @param type the generated class of the values
     * @throws InkstreamException as {@link #values}
     */
    public static <T extends SpecificRecord> Deserializer<T> reader(Connection connection, Class<T> type) {
        return reader(connection, type, new RegistryContact());
    }

    /** The same, where Inkstream's own serde tells whether the registry answers. */
    public static <T extends SpecificRecord> Deserializer<T> reader(
            Connection connection, Class<T> type, RegistryContact contact) {
        return new ValueDeserializer<>(
                RecordSerdes.<T>values(connection, contact).deserializer(), type);
    }

    /**
     * A serde for record values, configured from the connection.
     *
     * @param <T> the generated class of the values
     * @throws InkstreamException if the class is missing or no serde
     */
    public static <T extends SpecificRecord> Serde<T> values(Connection connection) {
        return values(connection, new RegistryContact());
    }

    /** The same, where Inkstream's own serde tells whether the registry answers. */
    public static <T extends SpecificRecord> Serde<T> values(Connection connection, RegistryContact contact) {
        try {
            Object instance =
                    Class.forName(connection.serdeClass()).getConstructor().newInstance();
            @SuppressWarnings("unchecked") // the class is the user's choice: what it makes of a value shows at run time
            Serde<T> serde = (Serde<T>) Serde.class.cast(instance);
            Map<String, Object> properties = connection.serdeProperties();
            properties.put(RegistryConfig.CONTACT, contact);
            serde.configure(properties, false);
            return serde;
        } catch (ReflectiveOperationException | ClassCastException e) {
            throw new InkstreamException(
                    "The serde class %s cannot be used (%s): name a class on the class path that implements %s."
                            .formatted(connection.serdeClass(), e, Serde.class.getName()),
                    e);
        }
    }
}
