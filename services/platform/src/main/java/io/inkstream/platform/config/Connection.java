package io.inkstream.platform.config;

import io.inkstream.platform.InkstreamException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

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

    /** Kafka's property for the name of a member that keeps its identity over a restart. */
    private static final String INSTANCE = "group.instance.id";

    private static final Pattern LEGAL_INSTANCE = Pattern.compile("[A-Za-z0-9._-]{1,200}");

    public Connection {
        requireText(bootstrapServers, "the bootstrap servers", "--bootstrap-servers host:port");
        requireText(schemaRegistryUrl, "the schema registry's URL", "--schema-registry http://host:port");
        requireText(serdeClass, "the serde class", "--serde-class");
        kafkaProperties = Map.copyOf(kafkaProperties);
        String instance = kafkaProperties.get(INSTANCE);
        if (instance != null && (!LEGAL_INSTANCE.matcher(instance).matches() || instance.matches("\\.{1,2}"))) {
            throw new InkstreamException(
                    "The instance name '%s' is not usable: use 1 to 200 letters, digits, '.', '_' or '-'."
                            .formatted(instance));
        }
    }

    /** A connection with the default serde and no further properties. */
    public Connection(String bootstrapServers, String schemaRegistryUrl) {
        this(bootstrapServers, schemaRegistryUrl, DEFAULT_SERDE_CLASS, Map.of());
    }

    /**
     * The same for an instance that keeps its partitions over a restart.
     *
     * @param name unlike that of every other instance of its services
     * @throws InkstreamException if Kafka does not allow such a name
     */
    public Connection withInstance(String name) {
        Map<String, String> properties = new HashMap<>(kafkaProperties);
        properties.put(INSTANCE, name);
        return new Connection(bootstrapServers, schemaRegistryUrl, serdeClass, properties);
    }

    /** The name of this instance, for {@code group.instance.id} of consumers in a group; without one they leave the group when they end. */
    public Optional<String> instance() {
        return Optional.ofNullable(kafkaProperties.get(INSTANCE));
    }

    /** Properties for a Kafka client, without the instance: a new map, to which the caller adds its own. */
    public Map<String, Object> clientProperties() {
        Map<String, Object> properties = new HashMap<>(kafkaProperties);
        properties.remove(INSTANCE);
        properties.put("bootstrap.servers", bootstrapServers);
        return properties;
    }

    /** Properties for the serde, under Confluent's keys: a new map. */
    public Map<String, Object> serdeProperties() {
        Map<String, Object> properties = new HashMap<>(kafkaProperties);
        properties.put("schema.registry.url", schemaRegistryUrl);
        properties.put("specific.avro.reader", true);
        if (schemaRegistryUrl.matches(".*//[^/]*@.*")) {
            // Inkstream's serde takes credentials out of the URL by itself, Confluent's when it is told to.
            properties.putIfAbsent("basic.auth.credentials.source", "URL");
        }
        return properties;
    }

    /** Without the values of the properties: passwords are among them. */
    @Override
    public String toString() {
        return "Connection[bootstrapServers=%s, serdeClass=%s, kafkaProperties=%s]"
                .formatted(bootstrapServers, serdeClass, kafkaProperties.keySet());
    }

    private static void requireText(@Nullable String value, String what, String option) {
        if (value == null || value.isBlank()) {
            throw new InkstreamException("Give %s with %s.".formatted(what, option));
        }
    }
}
