package io.inkstream.platform.registry;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;

/**
 * The client's settings for TLS with the registry: the keys are Kafka's behind {@code schema.registry.}, as Confluent's clients have
 * them. Stores may be PEM, PKCS12 or JKS, as for Kafka's own clients.
 *
 * @param settings by Kafka's keys
 */
record RegistryTls(Map<String, String> settings) {

    private static final ConfigDef DEFINITION = new ConfigDef().withClientSslSupport();

    RegistryTls {
        settings = Map.copyOf(settings);
    }

    /**
     * Those among some properties.
     *
     * @return empty if there are none
     * @throws ConfigException if the host name is not to be checked, which Java's HTTP client does in any case
     */
    static Optional<RegistryTls> of(Map<String, ?> properties) {
        Map<String, String> settings = new TreeMap<>();
        properties.forEach((name, value) -> {
            if (DEFINITION.names().contains(name) && value != null) {
                settings.put(name, value.toString());
            }
        });
        String identification = settings.remove(SslConfigs.SSL_ENDPOINT_IDENTIFICATION_ALGORITHM_CONFIG);
        if (identification != null && !identification.equalsIgnoreCase("https")) {
            throw new ConfigException(
                    "%s%s can only be https: give the registry a certificate with its host name, or connect to a name that its certificate has."
                            .formatted(RegistryConfig.TLS, SslConfigs.SSL_ENDPOINT_IDENTIFICATION_ALGORITHM_CONFIG));
        }
        return settings.isEmpty() ? Optional.empty() : Optional.of(new RegistryTls(settings));
    }

    /**
     * Reads the stores.
     *
     * @throws ConfigException if one cannot be read
     */
    SSLContext context() {
        try {
            DefaultSslEngineFactory factory = new DefaultSslEngineFactory();
            factory.configure(new AbstractConfig(DEFINITION, settings, false).values());
            return factory.sslContext();
        } catch (KafkaException e) {
            Throwable reason = e.getCause() == null ? e : e.getCause();
            throw new ConfigException("The settings %sssl.* for TLS with the schema registry cannot be used: %s"
                    .formatted(RegistryConfig.TLS, reason.getMessage()));
        }
    }

    /** Names only: passwords are among the values. */
    @Override
    public String toString() {
        return settings.keySet().toString();
    }
}
