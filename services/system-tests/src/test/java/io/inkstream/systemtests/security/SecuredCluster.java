package io.inkstream.systemtests.security;

import io.inkstream.embedded.registry.EmbeddedRegistry;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.config.KafkaEnvironment;
import io.inkstream.systemtests.processes.FreePorts;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * Kafka's own broker in this process, started as {@code kafka-server-start.sh} does, and a registry in front of it: TLS everywhere,
 * SCRAM-SHA-512 for clients, a certificate for whoever sets it up, and nothing permitted that no access control entry permits.
 */
final class SecuredCluster implements AutoCloseable {

    /** Everyone that the list of permissions knows. */
    static final List<String> USERS = List.of("ingest", "trainer", "generator", "user", "operator", "schema-registry");

    private final Credentials credentials;
    private final KafkaRaftServer broker;
    private final EmbeddedRegistry registry;
    private final SecuredRegistry front;
    private final Admin admin;
    private final String address;
    private final String brokers;

    private SecuredCluster(
            Credentials credentials,
            KafkaRaftServer broker,
            EmbeddedRegistry registry,
            SecuredRegistry front,
            Admin admin,
            String address,
            String brokers) {
        this.credentials = credentials;
        this.broker = broker;
        this.registry = registry;
        this.front = front;
        this.admin = admin;
        this.address = address;
        this.brokers = brokers;
    }

    /** Starts both; nobody but the registry is permitted anything yet. */
    static SecuredCluster start(Path folder) {
        Credentials credentials = Credentials.make(folder.resolve("credentials"));
        int clients = FreePorts.next();
        int brokers = FreePorts.next();
        Properties properties = properties(credentials, folder.resolve("data"), clients, brokers, FreePorts.next());
        format(folder.resolve("data"));
        KafkaRaftServer broker = new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM);
        broker.startup();
        Map<String, Object> administrator = credentials.administrator();
        administrator.put("bootstrap.servers", "127.0.0.1:" + brokers);
        Admin admin = Admin.create(administrator);
        addUsers(admin, credentials);
        permit(
                admin,
                Grants.of("inkstream").stream()
                        .filter(binding -> binding.entry().principal().equals("User:schema-registry"))
                        .toList());
        String address = "localhost:" + clients;
        EmbeddedRegistry registry = new EmbeddedRegistry(registryProperties(credentials, address), 0);
        registry.start();
        return new SecuredCluster(
                credentials,
                broker,
                registry,
                SecuredRegistry.start(credentials, registry.url()),
                admin,
                address,
                "127.0.0.1:" + brokers);
    }

    Credentials credentials() {
        return credentials;
    }

    /** Where clients reach the broker. */
    String address() {
        return address;
    }

    /** Where they reach the registry. */
    String registryUrl() {
        return front.url();
    }

    /** Where the registry behind the front is, which this machine alone can reach. */
    String registryUrlWithoutTls() {
        return registry.url();
    }

    Admin admin() {
        return admin;
    }

    /** How a user connects, with the variables that {@code credentials.sh} has written. */
    Connection connection(String user) {
        return connection(credentials.environment(user));
    }

    /** How a client with these variables connects. */
    Connection connection(Map<String, String> environment) {
        return new Connection(
                address, registryUrl(), Connection.DEFAULT_SERDE_CLASS, KafkaEnvironment.properties(environment));
    }

    /** How whoever has set the cluster up connects: with a certificate, and to the registry as a user. */
    Connection administrator() {
        Map<String, String> properties = new HashMap<>();
        credentials.administrator().forEach((name, value) -> properties.put(name, value.toString()));
        KafkaEnvironment.properties(credentials.environment("user")).forEach((name, value) -> {
            if (name.startsWith("schema.registry.") || name.startsWith("basic.auth.")) {
                properties.put(name, value);
            }
        });
        return new Connection(brokers, registryUrl(), Connection.DEFAULT_SERDE_CLASS, properties);
    }

    /** Adds access control entries. */
    void permit(Collection<AclBinding> bindings) {
        permit(admin, bindings);
    }

    /** Removes access control entries. */
    void deny(Collection<AclBinding> bindings) {
        Kafka.await(admin.deleteAcls(bindings.stream().map(AclBinding::toFilter).toList())
                .all());
        Kafka.awaitUntil(() -> listed(admin).stream().noneMatch(bindings::contains));
    }

    @Override
    public void close() {
        front.close();
        registry.close();
        admin.close();
        broker.shutdown();
        broker.awaitShutdown();
    }

    private static Collection<AclBinding> listed(Admin admin) {
        return Kafka.await(admin.describeAcls(AclBindingFilter.ANY).values());
    }

    private static void permit(Admin admin, Collection<AclBinding> bindings) {
        Kafka.await(admin.createAcls(bindings).all());
        Kafka.awaitUntil(() -> listed(admin).containsAll(bindings));
    }

    private static void addUsers(Admin admin, Credentials credentials) {
        Kafka.await(admin.alterUserScramCredentials(USERS.stream()
                        .map(user -> new UserScramCredentialUpsertion(
                                user,
                                new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096),
                                credentials.password(user)))
                        .map(UserScramCredentialAlteration.class::cast)
                        .toList())
                .all());
        Kafka.awaitUntil(
                () -> Kafka.await(admin.describeUserScramCredentials().users()).containsAll(USERS));
    }

    private static Map<String, Object> registryProperties(Credentials credentials, String address) {
        Map<String, Object> properties = new HashMap<>();
        credentials.registry().forEach((name, value) -> {
            if (name.startsWith("kafkastore.")) {
                properties.put(name.substring("kafkastore.".length()), value);
            }
        });
        properties.put("bootstrap.servers", address);
        return properties;
    }

    private static Properties properties(
            Credentials credentials, Path data, int clients, int brokers, int controllers) {
        Properties properties = new Properties();
        credentials
                .environment("kafka")
                .forEach((name, value) -> properties.put(
                        name.replaceFirst("^KAFKA_", "")
                                .toLowerCase(Locale.ROOT)
                                .replace('_', '.'),
                        value));
        properties.putAll(Map.of(
                "process.roles", "broker,controller",
                "node.id", "1",
                "controller.quorum.voters", "1@127.0.0.1:" + controllers,
                "controller.listener.names", "CONTROLLER",
                "inter.broker.listener.name", "BROKER",
                "listener.security.protocol.map", "CONTROLLER:SSL,BROKER:SSL,CLIENT:SASL_SSL",
                "listeners",
                        "CLIENT://127.0.0.1:%d,BROKER://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d"
                                .formatted(clients, brokers, controllers),
                "advertised.listeners", "CLIENT://localhost:%d,BROKER://127.0.0.1:%d".formatted(clients, brokers),
                "log.dirs", data.toString()));
        properties.putAll(Map.of(
                "listener.name.broker.ssl.client.auth", "required",
                "listener.name.controller.ssl.client.auth", "required",
                "listener.name.client.sasl.enabled.mechanisms", "SCRAM-SHA-512",
                "listener.name.client.scram-sha-512.sasl.jaas.config",
                        "org.apache.kafka.common.security.scram.ScramLoginModule required;",
                "authorizer.class.name", RecordingAuthorizer.class.getName(),
                "allow.everyone.if.no.acl.found", "false",
                "super.users", "User:CN=kafka;User:CN=admin",
                "auto.create.topics.enable", "false"));
        properties.putAll(Map.of(
                "num.partitions", "1",
                "offsets.topic.num.partitions", "1",
                "offsets.topic.replication.factor", "1",
                "transaction.state.log.num.partitions", "1",
                "transaction.state.log.replication.factor", "1",
                "transaction.state.log.min.isr", "1",
                "share.coordinator.state.topic.num.partitions", "1",
                "group.initial.rebalance.delay.ms", "0",
                "log.cleaner.dedupe.buffer.size", Integer.toString(16 * 1024 * 1024)));
        return properties;
    }

    private static void format(Path data) {
        try {
            Files.createDirectories(data);
            new Formatter()
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                    .setClusterId(Uuid.randomUuid().toString())
                    .setNodeId(1)
                    .setControllerListenerName("CONTROLLER")
                    .addDirectory(data.toString())
                    .setMetadataLogDirectory(data.toString())
                    .run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
