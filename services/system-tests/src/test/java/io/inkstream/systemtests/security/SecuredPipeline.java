package io.inkstream.systemtests.security;

import static org.awaitility.Awaitility.await;

import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.launcher.services.ServiceSettings;
import io.inkstream.launcher.services.Services;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.lifecycle.Health;
import io.inkstream.platform.lifecycle.Service;
import io.inkstream.systemtests.processes.Outcome;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The three services in this process, each with a user name of its own, and commands. */
final class SecuredPipeline implements AutoCloseable {

    static final int PARTITIONS = 2;

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final SecuredCluster cluster;
    private final TopicNames topics;
    private final Map<String, Service> services = new LinkedHashMap<>();

    SecuredPipeline(SecuredCluster cluster, TopicNames topics) {
        this.cluster = cluster;
        this.topics = topics;
    }

    /** Starts a service. */
    Service start(String name) {
        return start(name, cluster.connection(name));
    }

    /** Starts a service with another connection. */
    Service start(String name, Connection connection) {
        ServiceSettings settings = new ServiceSettings(PARTITIONS, "auto", "cpu", 1, Duration.ofSeconds(1), 0);
        Service service = Services.create(name, connection, topics, settings, new SimpleMeterRegistry());
        services.put(name, service);
        service.start();
        return service;
    }

    /** Starts all services, and waits until they do their work. */
    void startAll() {
        Services.NAMES.forEach(this::start);
        awaitReady();
    }

    /** Waits until all that were started do their work. */
    void awaitReady() {
        await().atMost(TIMEOUT)
                .until(() -> services.values().stream().map(Service::health).allMatch(Health::ready));
    }

    /** Waits until a service reports that it is broken for good, and returns what it says. */
    String awaitBroken(String name) {
        return await().atMost(TIMEOUT)
                .until(() -> services.get(name).health(), health -> !health.live())
                .detail();
    }

    Health health(String name) {
        return services.get(name).health();
    }

    /** Runs a command as a user. */
    Outcome command(String user, String... arguments) {
        return command(cluster.credentials().environment(user), arguments);
    }

    /** Runs a command with these variables. */
    Outcome command(Map<String, String> environment, String... arguments) {
        Map<String, String> variables = new HashMap<>(environment);
        variables.putIfAbsent("INKSTREAM_BOOTSTRAP_SERVERS", cluster.address());
        variables.putIfAbsent("INKSTREAM_SCHEMA_REGISTRY", cluster.registryUrl());
        variables.putIfAbsent("INKSTREAM_TOPIC_PREFIX", topics.prefix());
        return Outcome.of(variables, arguments);
    }

    /** Stops a service. */
    void stop(String name) {
        Service service = services.remove(name);
        if (service != null) {
            service.close();
        }
    }

    @Override
    public void close() {
        List<Service> running = new ArrayList<>(services.values());
        services.clear();
        running.forEach(Service::close);
    }
}
