package io.inkstream.systemtests.standins;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The variables of Confluent's image: {@code SCHEMA_REGISTRY_KAFKASTORE_BOOTSTRAP_SERVERS} sets
 * {@code kafkastore.bootstrap.servers}.
 *
 * @param properties the registry's properties, by the names that Confluent documents
 */
record RegistrySettings(Map<String, String> properties) {

    private static final String VARIABLE = "SCHEMA_REGISTRY_";
    private static final String STORE = "kafkastore.";

    /** Read by the image's scripts, not by the registry. */
    private static final List<String> OF_THE_IMAGE = List.of("opts", "heap.opts", "log4j.", "jmx.");

    RegistrySettings {
        properties = Map.copyOf(properties);
    }

    static RegistrySettings of(Map<String, String> environment) {
        Map<String, String> properties = new TreeMap<>();
        environment.forEach((variable, value) -> {
            if (variable.startsWith(VARIABLE)) {
                String name = variable.substring(VARIABLE.length())
                        .toLowerCase(Locale.ROOT)
                        .replace('_', '.');
                if (OF_THE_IMAGE.stream().noneMatch(name::startsWith)) {
                    properties.put(name, value);
                }
            }
        });
        for (String required : List.of("host.name", "kafkastore.bootstrap.servers")) {
            if (!properties.containsKey(required)) {
                throw new IllegalArgumentException("Set %s%s"
                        .formatted(VARIABLE, required.replace('.', '_').toUpperCase(Locale.ROOT)));
            }
        }
        if (!properties.getOrDefault("kafkastore.topic", "_schemas").equals("_schemas")) {
            throw new IllegalArgumentException("This stand-in keeps schemas on the topic _schemas only");
        }
        return new RegistrySettings(properties);
    }

    /** Where it listens. */
    List<URI> listeners() {
        return Arrays.stream(properties
                        .getOrDefault("listeners", "http://0.0.0.0:8081")
                        .split(","))
                .map(String::trim)
                .map(URI::create)
                .toList();
    }

    /** Properties for Kafka clients: those of the store, without their prefix and without the protocol of each broker. */
    Map<String, Object> kafka() {
        Map<String, Object> kafka = new TreeMap<>();
        properties.forEach((name, value) -> {
            String client = name.startsWith(STORE) ? name.substring(STORE.length()) : "";
            if (client.equals("bootstrap.servers")) {
                kafka.put(
                        client,
                        Arrays.stream(value.split(","))
                                .map(server -> server.trim().replaceFirst("^[A-Z_]+://", ""))
                                .collect(Collectors.joining(",")));
            } else if (client.startsWith("security.") || client.startsWith("sasl.") || client.startsWith("ssl.")) {
                kafka.put(client, value);
            }
        });
        return kafka;
    }
}
