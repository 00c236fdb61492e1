package io.inkstream.platform.registry;

import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Inkstream's own serde: generated Avro classes in Confluent's wire format, with the schemas in a registry that speaks
 * Confluent's REST API. Safe for use from many threads.
 *
 * @param <T> the generated class
 */
public final class AvroSerde<T extends SpecificRecord> implements Serde<T> {

    private final AvroSerializer<T> serializer = new AvroSerializer<>();
    private final AvroDeserializer<T> deserializer = new AvroDeserializer<>();

    /** To be configured before use. */
    public AvroSerde() {}

    /**
     * Takes the settings.
     *
     * @param properties see {@link RegistryConfig}
     * @throws org.apache.kafka.common.config.ConfigException if a property is missing or unusable
     */
    @Override
    public void configure(Map<String, ?> properties, boolean isKey) {
        RegistryConfig config = new RegistryConfig(properties);
        serializer.configure(config, isKey);
        deserializer.configure(config);
    }

    @Override
    public Serializer<T> serializer() {
        return serializer;
    }

    @Override
    public Deserializer<T> deserializer() {
        return deserializer;
    }

    @Override
    public void close() {
        serializer.close();
        deserializer.close();
    }
}
