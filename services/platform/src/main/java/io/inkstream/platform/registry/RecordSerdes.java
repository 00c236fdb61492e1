package io.inkstream.platform.registry;

import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.config.Connection;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Serializers and deserializers of record values, made of the configured serde class as Kafka does it: by name, with a
 * constructor without parameters. Each method fails with an {@link InkstreamException} if that class is missing or no serde.
 */
public final class RecordSerdes {

    private static final String CONFLUENT = "io.confluent.";

    static {
        TrustedSchemas.trust();
    }

    private RecordSerdes() {}

    /** A serializer of values. */
    public static <T extends SpecificRecord> Serializer<T> serializer(Connection connection) {
        RegistryContact contact = new RegistryContact();
        return new ValueSerializer<>(configured(connection, contact), calls(connection, contact));
    }

    /**
     * A deserializer of values that any client may have written. A record that holds no value of this class fails with a
     * {@link org.apache.kafka.common.errors.SerializationException}, and any record while the registry is unavailable with a
     * {@link RegistryUnavailableException}, whichever serde is configured.
     *
     * @param type the generated class of the values
     */
    public static <T extends SpecificRecord> Deserializer<T> deserializer(Connection connection, Class<T> type) {
        return deserializer(connection, type, new RegistryContact());
    }

    /** The same, where the serde reports whether the registry answers. */
    public static <T extends SpecificRecord> Deserializer<T> deserializer(
            Connection connection, Class<T> type, RegistryContact contact) {
        return new ValueDeserializer<>(configured(connection, contact), type, calls(connection, contact));
    }

    /** Both, for Kafka Streams and for clients that read and write. */
    public static <T extends SpecificRecord> Serde<T> serde(Connection connection, Class<T> type) {
        return serde(connection, type, new RegistryContact());
    }

    /** The same, where the serde reports whether the registry answers. */
    public static <T extends SpecificRecord> Serde<T> serde(
            Connection connection, Class<T> type, RegistryContact contact) {
        Serde<SpecificRecord> configured = configured(connection, contact);
        SerdeCalls calls = calls(connection, contact);
        return Serdes.serdeFrom(
                new ValueSerializer<>(configured, calls), new ValueDeserializer<>(configured, type, calls));
    }

    private static SerdeCalls calls(Connection connection, RegistryContact contact) {
        return new SerdeCalls(connection.schemaRegistryUrl().replaceAll("//[^/@]*@", "//"), contact);
    }

    /**
     * Makes sure that the registry does not reject this client, where it answers and the serde is one that speaks to it by Confluent's
     * keys; another serde has ways of its own.
     *
     * @throws RegistryAccessException if it does, or this client does not trust it
     */
    public static void requireRegistryAccess(Connection connection) {
        String serde = connection.serdeClass();
        if (serde.equals(Connection.DEFAULT_SERDE_CLASS) || serde.startsWith(CONFLUENT)) {
            try (SchemaRegistryClient registry = new SchemaRegistryClient(connection.serdeProperties())) {
                registry.requireAccess();
            }
        }
    }

    private static Serde<SpecificRecord> configured(Connection connection, RegistryContact contact) {
        try {
            Object instance =
                    Class.forName(connection.serdeClass()).getConstructor().newInstance();
            @SuppressWarnings("unchecked") // the class is the user's choice: what it makes of a value shows at run time
            Serde<SpecificRecord> serde = (Serde<SpecificRecord>) Serde.class.cast(instance);
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
