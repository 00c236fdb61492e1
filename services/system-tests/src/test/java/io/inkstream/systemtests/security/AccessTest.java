package io.inkstream.systemtests.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.launcher.Launcher;
import io.inkstream.launcher.services.Services;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.systemtests.processes.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS, user names and permissions, in short; {@link PermissionsTest} and {@link SecretsTest} look closer. */
class AccessTest {

    /** The longest time after which a command says that it is rejected. */
    private static final Duration AT_ONCE = Duration.ofSeconds(5);

    private static final SecuredCluster CLUSTER = SecuredFixture.get();

    @TempDir
    Path folder;

    private SecuredPipeline pipeline;
    private List<AclBinding> grants = List.of();

    @BeforeEach
    void open() {
        pipeline = new SecuredPipeline(CLUSTER, new TopicNames("access"));
        grants = Grants.of("access");
        CLUSTER.permit(grants);
    }

    @AfterEach
    void close() {
        pipeline.close();
    }

    @Test
    void textBecomesACompletionWithAUserNameForEachService() throws IOException {
        // Given
        Services.NAMES.forEach(pipeline::start);
        Path text = Files.writeString(folder.resolve("text.txt"), "the old press sighed\n".repeat(200));

        // When
        Outcome produced = pipeline.command("user", "produce", "--corpus", "story", text.toString());
        Outcome training = pipeline.command(
                "user", "train", "--corpus", "story", "--hidden", "8", "--max-tokens", "2000", "--epochs", "2");
        Outcome completed = pipeline.command("user", "complete", "--corpus", "story", "--wait", "60", "the old");

        // Then
        assertThat(List.of(produced, training, completed))
                .allSatisfy(outcome ->
                        assertThat(outcome.exitCode()).as(outcome.err()).isZero());
        assertThat(completed.out()).startsWith("the old");
    }

    @Test
    void aServiceThatLacksPermissionsSaysWhichAndDoesNotStart() {
        // Given
        List<AclBinding> taken = grants.stream()
                .filter(grant -> grant.entry().principal().equals("User:ingest"))
                .filter(grant -> grant.pattern().name().equals("access.tokens")
                        || grant.pattern().name().equals("access-ingest"))
                .filter(grant -> grant.entry().operation() != AclOperation.CREATE)
                .toList();
        CLUSTER.deny(taken);

        // When, Then
        assertThatThrownBy(() -> pipeline.start("ingest"))
                .isInstanceOf(InkstreamException.class)
                .hasMessage(
                        "Kafka at %s denies user 'ingest' %s: grant it with kafka-acls.sh (docs/operations.md, Permissions)."
                                .formatted(
                                        CLUSTER.address(),
                                        "Write, DescribeConfigs on topic access.tokens, and Read on group access-ingest"));
    }

    @Test
    void aCommandThatLacksAPermissionSaysWhich() {
        // When: a service tries what only users may do
        Outcome outcome = pipeline.command("generator", "train", "--corpus", "story", "--epochs", "1");

        // Then
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err())
                .isEqualTo(
                        "inkstream: Kafka at %s denies user 'generator' Describe on topic access.tokens: grant it with kafka-acls.sh (docs/operations.md, Permissions)."
                                        .formatted(CLUSTER.address())
                                + System.lineSeparator());
    }

    @Test
    void aWrongPasswordEndsACommandAtOnce() {
        // Given
        Map<String, String> environment = environment("user");
        environment.computeIfPresent(
                "KAFKA_SASL_JAAS_CONFIG", (name, value) -> value.replaceFirst("password=\"..", "password=\"xx"));

        // When
        Outcome outcome = atOnce(environment, "corpora");

        // Then
        assertThat(outcome.err())
                .startsWith("inkstream: Kafka at %s rejects the user name or the password of user 'user' ("
                        .formatted(CLUSTER.address()))
                .contains("): check KAFKA_SASL_JAAS_CONFIG.");
    }

    @Test
    void anUntrustedCertificateEndsACommandAtOnce() {
        // Given: Java's own authorities, which do not know ours
        Map<String, String> environment = environment("user");
        environment.keySet().removeIf(name -> name.startsWith("KAFKA_SSL_TRUSTSTORE"));

        // When
        Outcome outcome = atOnce(environment, "corpora");

        // Then
        assertThat(outcome.err())
                .contains("has a certificate that this client does not trust: set KAFKA_SSL_TRUSTSTORE_LOCATION");
    }

    @Test
    void aCertificateForAnotherHostEndsACommandAtOnce() throws IOException {
        // Given
        try (Relay relay = Relay.to("127.0.0.2", port(CLUSTER.address()))) {
            Map<String, String> environment = environment("user");
            environment.put("INKSTREAM_BOOTSTRAP_SERVERS", "127.0.0.2:" + relay.port());

            // When
            Outcome outcome = atOnce(environment, "corpora");

            // Then
            assertThat(outcome.err())
                    .contains("has a certificate for another host", "127.0.0.2", "with --bootstrap-servers.");
        }
    }

    @Test
    void aRegistryThatRejectsThePasswordEndsACommandAtOnce() {
        // Given
        Map<String, String> environment = environment("user");
        environment.put("KAFKA_BASIC_AUTH_USER_INFO", "user:wrong");

        // When
        Outcome outcome = atOnce(environment, "train", "--corpus", "story", "--epochs", "1");

        // Then
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err())
                .startsWith("inkstream: The schema registry rejected")
                .contains(CLUSTER.registryUrl(), "with status 401")
                .endsWith("Check the credentials (basic.auth.credentials.source, basic.auth.user.info)."
                        + System.lineSeparator());
    }

    @Test
    void aRegistryThatIsNotTrustedEndsACommandAtOnce() {
        // Given
        Map<String, String> environment = environment("user");
        environment.keySet().removeIf(name -> name.startsWith("KAFKA_SCHEMA_REGISTRY_SSL"));

        // When
        Outcome outcome = atOnce(environment, "train", "--corpus", "story", "--epochs", "1");

        // Then
        assertThat(outcome.err())
                .startsWith(
                        "inkstream: The schema registry at %s has a certificate that this client does not trust: set KAFKA_SCHEMA_REGISTRY_SSL_TRUSTSTORE_LOCATION"
                                .formatted(CLUSTER.registryUrl()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PEM", "PKCS12", "JKS"})
    void theRegistrysAuthorityMayBeInAnyKindOfStore(String type) throws Exception {
        // Given
        Map<String, String> environment = environment("user");
        environment.put("KAFKA_SCHEMA_REGISTRY_SSL_TRUSTSTORE_TYPE", type);
        if (!type.equals("PEM")) {
            environment.put(
                    "KAFKA_SCHEMA_REGISTRY_SSL_TRUSTSTORE_LOCATION", store(type).toString());
            environment.put("KAFKA_SCHEMA_REGISTRY_SSL_TRUSTSTORE_PASSWORD", "of the store");
        }

        // When, Then
        assertThatCode(() -> RecordSerdes.requireRegistryAccess(CLUSTER.connection(environment)))
                .doesNotThrowAnyException();
    }

    @Test
    void aRegistryThatExpectsTlsIsRecognized() {
        // When, Then
        assertThatThrownBy(() -> RecordSerdes.requireRegistryAccess(
                        registryAt(CLUSTER.registryUrl().replace("https:", "http:"))))
                .hasMessageEndingWith("expects TLS: give it as https://… with --schema-registry.");
    }

    @Test
    void aRegistryWithoutTlsIsRecognized() {
        // When, Then
        assertThatThrownBy(() -> RecordSerdes.requireRegistryAccess(
                        registryAt(CLUSTER.registryUrlWithoutTls().replace("http:", "https:"))))
                .hasMessageEndingWith("does not use TLS: give it as http://… with --schema-registry.");
    }

    @Test
    void aRegistryWithACertificateForAnotherHostIsNotTrusted() throws IOException {
        // Given
        try (Relay relay = Relay.to("127.0.0.2", port(CLUSTER.registryUrl()))) {
            // When, Then
            assertThatThrownBy(
                            () -> RecordSerdes.requireRegistryAccess(registryAt("https://127.0.0.2:" + relay.port())))
                    .hasMessageContaining("has a certificate for another host")
                    .hasMessageEndingWith("with --schema-registry.");
        }
    }

    @Test
    void theHostNameOfTheRegistryIsAlwaysChecked() {
        // Given
        Map<String, String> environment = environment("user");
        environment.put("KAFKA_SCHEMA_REGISTRY_SSL_ENDPOINT_IDENTIFICATION_ALGORITHM", "");

        // When, Then
        assertThatThrownBy(() -> RecordSerdes.requireRegistryAccess(CLUSTER.connection(environment)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("schema.registry.ssl.endpoint.identification.algorithm can only be https");
    }

    @Test
    void theLauncherGrantsWhatTheScriptsGrant() throws Exception {
        // Given
        Files.writeString(folder.resolve("newcomer.scram"), "SCRAM-SHA-512=password=of the newcomer\n");
        Map<String, String> administrator = new HashMap<>(CLUSTER.credentials().environment("admin"));
        administrator.put("INKSTREAM_BOOTSTRAP_SERVERS", CLUSTER.administrator().bootstrapServers());

        // When
        int exitCode = Launcher.commandLine(administrator)
                .execute("grant", "--topic-prefix", "granted", "--passwords", folder.toString());

        // Then
        List<AclBinding> granted = Grants.of("granted");
        assertThat(exitCode).isZero();
        assertThat(Kafka.await(
                        CLUSTER.admin().describeAcls(AclBindingFilter.ANY).values()))
                .containsAll(granted)
                .filteredOn(binding -> binding.pattern().name().startsWith("granted"))
                .isSubsetOf(granted);
        CLUSTER.deny(granted.stream()
                .filter(binding -> binding.pattern().name().startsWith("granted"))
                .toList());

        // And the user is known, by this password
        Map<String, String> newcomer = environment("user");
        newcomer.computeIfPresent(
                "KAFKA_SASL_JAAS_CONFIG",
                (name, value) -> value.replaceFirst(
                        "username=\"user\" password=\"[^\"]*\"", "username=\"newcomer\" password=\"of the newcomer\""));
        assertThat(atOnce(newcomer, "corpora").err()).contains("denies user 'newcomer'");
    }

    @Test
    void aConnectionDoesNotPrintItsPasswords() {
        assertThat(CLUSTER.connection("user").toString())
                .doesNotContain(CLUSTER.credentials().password("user"));
    }

    private static Connection registryAt(String url) {
        Connection user = CLUSTER.connection("user");
        return new Connection(user.bootstrapServers(), url, user.serdeClass(), user.kafkaProperties());
    }

    private Path store(String type) throws Exception {
        KeyStore store = KeyStore.getInstance(type);
        store.load(null, null);
        try (InputStream authority =
                Files.newInputStream(CLUSTER.credentials().folder().resolve("ca.pem"))) {
            store.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(authority));
        }
        Path file = folder.resolve("store");
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, "of the store".toCharArray());
        }
        return file;
    }

    private Outcome atOnce(Map<String, String> environment, String... arguments) {
        long start = System.nanoTime();
        Outcome outcome = pipeline.command(environment, arguments);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(AT_ONCE);
        return outcome;
    }

    private static int port(String address) {
        return Integer.parseInt(address.replaceFirst("^.*:", ""));
    }

    private static Map<String, String> environment(String user) {
        return new HashMap<>(CLUSTER.credentials().environment(user));
    }
}
