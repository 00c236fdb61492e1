package io.inkstream.platform.config;

import io.inkstream.platform.InkstreamException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Kafka client properties from the environment: {@code KAFKA_SECURITY_PROTOCOL=SASL_SSL} becomes {@code
 * security.protocol=SASL_SSL} for every client. TLS, SASL and every tuning knob work this way.
 */
public final class KafkaEnvironment {

    private static final String PREFIX = "KAFKA_";

    /** Variables of Kafka's own start scripts and images, which are not client properties. */
    private static final Set<String> NOT_PROPERTIES = Set.of(
            "KAFKA_HEAP_OPTS",
            "KAFKA_OPTS",
            "KAFKA_LOG4J_OPTS",
            "KAFKA_JMX_OPTS",
            "KAFKA_JMX_PORT",
            "KAFKA_GC_LOG_OPTS",
            "KAFKA_JVM_PERFORMANCE_OPTS",
            "KAFKA_DEBUG",
            "KAFKA_HOME",
            "KAFKA_VERSION");

    /** Properties on which Inkstream's guarantees rest. */
    private static final Set<String> RESERVED = Set.of(
            "group.id",
            "enable.auto.commit",
            "auto.offset.reset",
            "isolation.level",
            "transactional.id",
            "enable.idempotence",
            "acks",
            "processing.guarantee",
            "application.id",
            "key.serializer",
            "value.serializer",
            "key.deserializer",
            "value.deserializer");

    private KafkaEnvironment() {}

    /**
     * Reads the client properties out of an environment.
     *
     * @param environment for instance {@link System#getenv()}
     * @return properties by their Kafka name
     * @throws InkstreamException if a variable sets a property that Inkstream must set itself
     */
    public static Map<String, String> properties(Map<String, String> environment) {
        Map<String, String> properties = new HashMap<>();
        environment.forEach((variable, value) -> {
            if (variable.startsWith(PREFIX) && !NOT_PROPERTIES.contains(variable)) {
                String property = variable.substring(PREFIX.length())
                        .toLowerCase(Locale.ROOT)
                        .replace('_', '.');
                if (RESERVED.contains(property)) {
                    throw new InkstreamException(
                            "%s must not be set: exactly-once processing rests on Inkstream's own value of %s; unset it."
                                    .formatted(variable, property));
                }
                properties.put(property, value);
            }
        });
        return Map.copyOf(properties);
    }
}
