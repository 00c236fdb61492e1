package io.inkstream.platform.config;

import io.inkstream.platform.InkstreamException;
import java.util.HashMap;
import java.util.Map;

/**
 * How to reach Kafka and the schema registry.
 *
 * @param bootstrapServers Kafka's {@code host:port[,host:port…]}
 * @param schemaRegistryUrl base URL of a registry that speaks Confluent's REST interface
 * @param serdeClass name of the {@link org.apache.kafka.common.serialization.Serde} class for Avro values
 * @param kafkaProperties further properties for every Kafka client and for the serde, by their Kafka names
 */
public record Connection(
        String bootstrapServers, String schemaRegistryUrl, String serdeClass, Map<String, String> kafkaProperties) {

    /** Inkstream's own serde. */
    public static final String DEFAULT_SERDE_CLASS = "io.inkstream.platform.registry.AvroSerde";

    public Connection {
        requireText(bootstrapServers, "the bootstrap servers", "--bootstrap-servers host:port");
        requireText(schemaRegistryUrl, "the schema registry's URL", "--schema-registry http://host:port");
        requireText(serdeClass, "the serde class", "--serde-class");
        kafkaProperties = Map.copyOf(kafkaProperties);
    }

    /** A connection with the default serde and no further properties. */
    public Connection(String bootstrapServers, String schemaRegistryUrl) {
        this(bootstrapServers, schemaRegistryUrl, DEFAULT_SERDE_CLASS, Map.of());
    }

    /** Properties for a Kafka client: a new map, to which the caller adds its own. */
    public Map<String, Object> clientProperties() {
        Map<String, Object> properties = new HashMap<>(kafkaProperties);
        properties.put("bootstrap.servers", bootstrapServers);
        return properties;
    }

    /** Properties for the serde, under Confluent's keys: a new map. */
    public Map<String, Object> serdeProperties() {
        Map<String, Object> properties = new HashMap<>(kafkaProperties);
        properties.put("schema.registry.url", schemaRegistryUrl);
        properties.put("specific.avro.reader", true);
        return properties;
    }

    private static void requireText(String value, String what, String option) {
        if (value == null || value.isBlank()) {
            throw new InkstreamException("Give %s with %s.".formatted(what, option));
        }
    }
}
