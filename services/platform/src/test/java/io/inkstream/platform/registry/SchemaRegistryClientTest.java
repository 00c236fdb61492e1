package io.inkstream.platform.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SchemaRegistryClientTest {

    private static final Schema SCHEMA =
            SchemaBuilder.record("R").fields().requiredInt("a").endRecord();

    private final StubRegistry registry = new StubRegistry();

    @AfterEach
    void close() {
        registry.close();
    }

    @Test
    void findsWhatItRegistered() {
        // Given
        SchemaRegistryClient client = client(Map.of());

        // When
        int id = client.register("s", SCHEMA);

        // Then
        assertThat(client.schema(id)).isEqualTo(SCHEMA);
        assertThat(client(Map.of()).id("s", SCHEMA)).isEqualTo(id);
        assertThat(client.latest("s")).isEqualTo(new RegisteredSchema("s", 1, id, SCHEMA));
    }

    @Test
    void encodesSubjects() {
        // Given
        SchemaRegistryClient client = client(Map.of());

        // When
        client.register("a/b c+d%é", SCHEMA);

        // Then
        assertThat(registry.requests()).containsExactly("POST /subjects/a%2Fb%20c%2Bd%25%C3%A9/versions");
    }

    @Test
    void distinguishesSchemasThatDifferInDocumentation() {
        // Given
        SchemaRegistryClient client = client(Map.of());
        Schema documented =
                SchemaBuilder.record("R").doc("said").fields().requiredInt("a").endRecord();

        // When, Then
        assertThat(client.register("s", SCHEMA)).isNotEqualTo(client.register("s", documented));
    }

    @Test
    void triesTheNextAddress() {
        // Given
        StubRegistry gone = new StubRegistry();
        gone.close();

        // When
        SchemaRegistryClient client = client(Map.of(RegistryConfig.URL, gone.url() + ", " + registry.url() + "/"));

        // Then
        assertThat(client.register("s", SCHEMA)).isEqualTo(1);
    }

    @Test
    void sendsTheCredentialsOfTheUrl() {
        // Given
        String url = "http://ann:p%40ss%3Aword@127.0.0.1:" + registry.port();

        // When
        client(Map.of(RegistryConfig.URL, url)).register("s", SCHEMA);

        // Then
        assertThat(registry.authorizations()).containsExactly(basic("ann:p@ss:word"));
    }

    @Test
    void sendsTheCredentialsOfTheUserInfo() {
        // Given
        Map<String, Object> properties =
                Map.of("basic.auth.credentials.source", "USER_INFO", "basic.auth.user.info", "ann:secret");

        // When
        client(properties).register("s", SCHEMA);

        // Then
        assertThat(registry.authorizations()).containsExactly(basic("ann:secret"));
    }

    @Test
    void sendsNoCredentialsByDefault() {
        // When
        client(Map.of("basic.auth.user.info", "ann:secret")).register("s", SCHEMA);

        // Then
        assertThat(registry.authorizations()).containsExactly("null");
    }

    @Test
    void keepsSecretsOutOfMessages() {
        // Given
        StubRegistry gone = new StubRegistry();
        gone.close();
        String url = "http://ann:secret@127.0.0.1:" + gone.port();
        SchemaRegistryClient client = client(Map.of(RegistryConfig.URL, url, RegistryConfig.RETRY_TIMEOUT, 0));

        // When, Then
        assertThatThrownBy(() -> client.register("s", SCHEMA))
                .isInstanceOf(RegistryUnavailableException.class)
                .message()
                .contains("127.0.0.1:" + gone.port())
                .doesNotContain("secret");
        assertThatThrownBy(() -> client(Map.of(RegistryConfig.URL, "ftp://ann:secret@host")))
                .isInstanceOf(ConfigException.class)
                .message()
                .contains("host")
                .doesNotContain("secret");
        assertThatThrownBy(() -> client(Map.of(RegistryConfig.URL, "http://ann:sec ret@host")))
                .isInstanceOf(ConfigException.class)
                .message()
                .doesNotContain("ret@");
        assertThat(new RegistryConfig(Map.of(RegistryConfig.URL, "http://h", RegistryConfig.USER_INFO, "ann:secret"))
                        .values()
                        .toString())
                .doesNotContain("secret");
    }

    @Test
    void rejectsSettingsThatCannotWork() {
        assertThatThrownBy(() -> new SchemaRegistryClient(Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(RegistryConfig.URL);
        assertThatThrownBy(() -> client(Map.of("basic.auth.credentials.source", "USER_INFO")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("user:password");
        assertThatThrownBy(() -> client(Map.of("basic.auth.credentials.source", "SASL_INHERIT")))
                .isInstanceOf(ConfigException.class);
    }

    @Test
    void carriesStatusAndErrorCode() {
        // Given
        registry.answerNext(422, "{\"error_code\":42201,\"message\":\"Input schema is an invalid Avro schema\"}");

        // When, Then
        assertThatThrownBy(() -> client(Map.of()).register("s", SCHEMA))
                .isInstanceOfSatisfying(RegistryException.class, e -> {
                    assertThat(e.status()).isEqualTo(422);
                    assertThat(e.errorCode()).isEqualTo(42201);
                    assertThat(e).hasMessageContaining("invalid Avro schema").hasMessageContaining("/subjects/s");
                });
    }

    @Test
    void rejectsAResponseThatIsNotJson() {
        // Given
        registry.answerNext(200, "hello");

        // When, Then
        assertThatThrownBy(() -> client(Map.of()).register("s", SCHEMA))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining("is " + registry.url() + " a schema registry?");
    }

    private SchemaRegistryClient client(Map<String, Object> properties) {
        Map<String, Object> all = new HashMap<>(Map.of(RegistryConfig.URL, registry.url()));
        all.putAll(properties);
        return new SchemaRegistryClient(all);
    }

    private static String basic(String userInfo) {
        return "Basic " + Base64.getEncoder().encodeToString(userInfo.getBytes(StandardCharsets.UTF_8));
    }
}
