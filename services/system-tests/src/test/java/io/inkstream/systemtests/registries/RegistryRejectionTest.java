package io.inkstream.systemtests.registries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.registry.AvroSerde;
import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.platform.registry.RegistryException;
import io.inkstream.platform.registry.RegistryUnavailableException;
import io.inkstream.schemas.PrefixRequest;
import io.inkstream.testsupport.BrokerFixture;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a registry may answer but a schema, with our serde and with Confluent's: both fail alike, for the services to act upon. */
class RegistryRejectionTest {

    private static final PrefixRequest REQUEST = PrefixRequest.newBuilder()
            .setCorpus("wells")
            .setPrefix("the planet mars")
            .build();

    private static final String USER_INFO = "inkstream:p@ss:wörd/+ 1%";

    private final Connection shared = BrokerFixture.get().connection();
    private RegistryGateway gateway;

    static Stream<String> serdeClasses() {
        return Stream.of(AvroSerde.class.getName(), ConfluentSerde.class.getName());
    }

    static Stream<Arguments> serdeClassesAndGateways() {
        return serdeClasses().flatMap(serde -> Stream.of(Arguments.of(serde, false), Arguments.of(serde, true)));
    }

    @BeforeEach
    void open() throws Exception {
        gateway = new RegistryGateway(shared.schemaRegistryUrl(), USER_INFO);
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    @ParameterizedTest
    @MethodSource("serdeClasses")
    void credentialsAreTakenFromProperties(String serdeClass) {
        // Given
        byte[] expected = roundTrip(serdeClass, shared.schemaRegistryUrl(), Map.of());

        // When, Then
        assertThat(roundTrip(serdeClass, gateway.url(), credentials(USER_INFO))).isEqualTo(expected);
    }

    /** Confluent's client does not decode what is in the URL, so a password with other characters must be a property. */
    @ParameterizedTest
    @MethodSource("serdeClasses")
    void credentialsAreTakenFromTheUrl(String serdeClass) throws Exception {
        try (RegistryGateway plain = new RegistryGateway(shared.schemaRegistryUrl(), "user:pass-word.1")) {
            // Given
            byte[] expected = roundTrip(serdeClass, shared.schemaRegistryUrl(), Map.of());

            // When, Then
            assertThat(roundTrip(serdeClass, plain.url().replace("//", "//user:pass-word.1@"), Map.of()))
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("serdeClassesAndGateways")
    void wrongCredentialsAreReportedAsSuch(String serdeClass, boolean html) {
        // Given
        byte[] written = roundTrip(serdeClass, shared.schemaRegistryUrl(), Map.of());
        if (html) {
            gateway.answerInHtml();
        }
        for (Map<String, String> properties : Stream.of(Map.<String, String>of(), credentials("inkstream:wrong"))
                .toList()) {
            try (Serde<PrefixRequest> serde = serde(serdeClass, gateway.url(), properties)) {
                // When, Then
                assertThatThrownBy(() -> serde.serializer().serialize("rejection", REQUEST))
                        .isInstanceOf(RegistryException.class)
                        .hasMessageContaining("401")
                        .hasMessageContaining(
                                "Check the credentials (basic.auth.credentials.source, basic.auth.user.info)");
                assertThatThrownBy(() -> serde.deserializer().deserialize("rejection", written))
                        .isInstanceOf(RegistryException.class)
                        .hasMessageContaining("Check the credentials");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("serdeClassesAndGateways")
    void aServerErrorIsAnOutageThatEnds(String serdeClass, boolean html) {
        // Given
        byte[] written = roundTrip(serdeClass, shared.schemaRegistryUrl(), Map.of());
        if (html) {
            gateway.answerInHtml();
        }
        try (Serde<PrefixRequest> serde = serde(serdeClass, gateway.url(), credentials(USER_INFO))) {
            for (int status : new int[] {500, 502, 503, 429}) {
                // When
                gateway.outOfOrder(status);

                // Then
                assertThatThrownBy(() -> serde.serializer().serialize("rejection", REQUEST))
                        .isInstanceOf(RegistryUnavailableException.class);
                assertThatThrownBy(() -> serde.deserializer().deserialize("rejection", written))
                        .isInstanceOf(RegistryUnavailableException.class);
            }

            // When
            gateway.inOrder();

            // Then
            assertThat(serde.serializer().serialize("rejection", REQUEST)).isEqualTo(written);
            assertThat(serde.deserializer().deserialize("rejection", written)).isEqualTo(REQUEST);
        }
    }

    @ParameterizedTest
    @MethodSource("serdeClasses")
    void aSchemaThatTheRegistryDoesNotTakeIsReportedAsSuch(String serdeClass) throws Exception {
        String subject = "rejected-" + serdeClass;
        try (CachedSchemaRegistryClient other = new CachedSchemaRegistryClient(shared.schemaRegistryUrl(), 10);
                Serde<PrefixRequest> serde = serde(serdeClass, shared.schemaRegistryUrl(), Map.of())) {
            // Given an incompatible schema under the subject
            other.register(
                    subject + "-value",
                    new AvroSchema(
                            "{\"type\":\"record\",\"name\":\"PrefixRequest\",\"namespace\":\"io.inkstream.schemas\",\"fields\":[{\"name\":\"prefix\",\"type\":\"int\"}]}"));

            // When, Then
            assertThatThrownBy(() -> serde.serializer().serialize(subject, REQUEST))
                    .isInstanceOf(SerializationException.class)
                    .hasMessageContaining("incompatible with an earlier schema for subject \"%s-value\"", subject);

            // Given a registry that takes no schemas
            other.setMode("READONLY", subject + "-2-value");

            // When, Then
            assertThatThrownBy(() -> serde.serializer().serialize(subject + "-2", REQUEST))
                    .isInstanceOf(SerializationException.class)
                    .hasMessageContaining("Subject %s-2-value is in read-only mode", subject);
        }
    }

    private byte[] roundTrip(String serdeClass, String url, Map<String, String> properties) {
        try (Serde<PrefixRequest> serde = serde(serdeClass, url, properties)) {
            byte[] written = serde.serializer().serialize("rejection", REQUEST);
            assertThat(serde.deserializer().deserialize("rejection", written)).isEqualTo(REQUEST);
            return written;
        }
    }

    private Serde<PrefixRequest> serde(String serdeClass, String url, Map<String, String> properties) {
        Map<String, String> all = new HashMap<>(properties);
        all.put("schema.registry.retry.timeout.ms", "0");
        return RecordSerdes.serde(new Connection(shared.bootstrapServers(), url, serdeClass, all), PrefixRequest.class);
    }

    private static Map<String, String> credentials(String userInfo) {
        return Map.of("basic.auth.credentials.source", "USER_INFO", "basic.auth.user.info", userInfo);
    }
}
