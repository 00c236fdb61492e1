package io.inkstream.systemtests.registries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.registry.AvroSerde;
import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.platform.registry.TrustedSchemas;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.TokenBlock;
import io.inkstream.testsupport.BrokerFixture;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Our serde and Confluent's write the same bytes for the same record, and each reads what the other writes. */
class WireFormatTest {

    private static final int RECORDS = 25;

    static {
        TrustedSchemas.trust();
    }

    /** All generated classes of the contracts, those that are only part of others included. */
    static Stream<Class<? extends SpecificRecord>> recordClasses() {
        return new ClassFileImporter()
                .importPackages("io.inkstream.schemas").stream()
                        .filter(type -> type.isAssignableTo(SpecificRecordBase.class))
                        .<Class<? extends SpecificRecord>>map(
                                type -> type.reflect().asSubclass(SpecificRecord.class));
    }

    @Test
    void theClassesAreConfluents() throws Exception {
        // Given
        Properties artifact = new Properties();
        artifact.load(
                getClass().getResourceAsStream("/META-INF/maven/io.confluent/kafka-avro-serializer/pom.properties"));

        // Then
        assertThat(artifact)
                .containsEntry("groupId", "io.confluent")
                .containsEntry("artifactId", "kafka-avro-serializer")
                .containsEntry("version", "7.7.0");
        assertThat(recordClasses()).contains(TokenBlock.class, CorpusSpec.class).hasSizeGreaterThanOrEqualTo(6);
    }

    @ParameterizedTest
    @MethodSource("recordClasses")
    void bytesAreTheSameBothWays(Class<? extends SpecificRecord> type) {
        String topic = "wire-" + type.getSimpleName();
        try (Serde<SpecificRecord> ours = ours(Map.of(), false);
                Serde<Object> confluents = confluents(Map.of(), false)) {
            for (SpecificRecord record : RandomRecords.of(type, RECORDS, 7)) {
                // When
                byte[] written = ours.serializer().serialize(topic, record);
                byte[] writtenByConfluent = confluents.serializer().serialize(topic, record);

                // Then
                assertThat(written).isEqualTo(writtenByConfluent);
                assertThat(confluents.deserializer().deserialize(topic, written))
                        .isInstanceOf(type)
                        .isEqualTo(record);
                assertThat(ours.deserializer().deserialize(topic, writtenByConfluent))
                        .isInstanceOf(type)
                        .isEqualTo(record);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aTombstoneStaysOne(boolean isKey) {
        try (Serde<SpecificRecord> ours = ours(Map.of(), isKey);
                Serde<Object> confluents = confluents(Map.of(), isKey)) {
            for (Serde<?> serde : List.of(ours, confluents)) {
                assertThat(serde.serializer().serialize("wire-tombstones", null))
                        .isNull();
                assertThat(serde.deserializer().deserialize("wire-tombstones", null))
                        .isNull();
            }
        }
    }

    @Test
    void keysAreRegisteredUnderTheSameSubject() {
        // Given
        CorpusSpec key = RandomRecords.of(CorpusSpec.class, 1, 8).get(0);
        Map<String, Object> lookUpOnly = Map.of("auto.register.schemas", false);
        try (Serde<SpecificRecord> ours = ours(Map.of(), true);
                Serde<Object> confluents = confluents(lookUpOnly, true)) {
            // When
            byte[] written = ours.serializer().serialize("wire-keys", key);

            // Then
            assertThat(confluents.serializer().serialize("wire-keys", key)).isEqualTo(written);
        }
    }

    @Test
    void settingsMeanTheSame() {
        TokenBlock block = RandomRecords.of(TokenBlock.class, 1, 9).get(0);
        for (Map<String, Object> settings : List.<Map<String, Object>>of(
                Map.of("auto.register.schemas", false),
                Map.of("auto.register.schemas", false, "use.latest.version", true),
                Map.of("normalize.schemas", true))) {
            String topic = "wire-settings-" + Integer.toHexString(settings.hashCode());
            try (Serde<SpecificRecord> first = ours(Map.of(), false);
                    Serde<SpecificRecord> ours = ours(settings, false);
                    Serde<Object> confluents = confluents(settings, false)) {
                // Given
                byte[] expected = first.serializer().serialize(topic, block);

                // Then
                assertThat(ours.serializer().serialize(topic, block)).isEqualTo(expected);
                assertThat(confluents.serializer().serialize(topic, block)).isEqualTo(expected);
            }
        }
    }

    @Test
    void bothRejectASchemaThatIsNotRegisteredWhereTheyMayNotRegisterIt() {
        TokenBlock block = RandomRecords.of(TokenBlock.class, 1, 9).get(0);
        Map<String, Object> settings = Map.of("auto.register.schemas", false);
        try (Serde<SpecificRecord> ours = ours(settings, false);
                Serde<Object> confluents = confluents(settings, false)) {
            assertThatThrownBy(() -> ours.serializer().serialize("wire-nowhere", block))
                    .isInstanceOf(SerializationException.class)
                    .hasMessageContaining("auto.register.schemas=true");
            assertThatThrownBy(() -> confluents.serializer().serialize("wire-nowhere", block))
                    .isInstanceOf(SerializationException.class)
                    .rootCause()
                    .hasMessageContaining("40401");
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {AvroSerde.class, ConfluentSerde.class})
    void whatIsNotInTheFormatIsTheRecordsFault(Class<?> serdeClass) {
        // Given a deserializer as services have it
        Connection connection = BrokerFixture.get().connection();
        try (Serde<TokenBlock> serde = RecordSerdes.serde(
                new Connection(
                        connection.bootstrapServers(), connection.schemaRegistryUrl(), serdeClass.getName(), Map.of()),
                TokenBlock.class)) {
            TokenBlock block = RandomRecords.of(TokenBlock.class, 1, 9).get(0);
            byte[] intact = serde.serializer().serialize("wire-damaged", block);
            assertThat(serde.deserializer().deserialize("wire-damaged", intact)).isEqualTo(block);

            for (byte[] damaged : List.of(
                    new byte[0],
                    Arrays.copyOf(intact, 4),
                    Arrays.copyOf(intact, intact.length - 1),
                    new byte[] {1, 0, 0, 0, 1, 2},
                    new byte[] {0, 0x7f, -1, -1, -1, 2},
                    "the planet mars".getBytes(StandardCharsets.UTF_8))) {
                // When, Then
                assertThatThrownBy(() -> serde.deserializer().deserialize("wire-damaged", damaged))
                        .isInstanceOf(SerializationException.class);
            }
        }
    }

    private static Serde<SpecificRecord> ours(Map<String, Object> settings, boolean isKey) {
        Serde<SpecificRecord> serde = new AvroSerde<>();
        serde.configure(properties(settings), isKey);
        return serde;
    }

    private static Serde<Object> confluents(Map<String, Object> settings, boolean isKey) {
        Serde<Object> serde = new ConfluentSerde();
        serde.configure(properties(settings), isKey);
        return serde;
    }

    private static Map<String, Object> properties(Map<String, Object> settings) {
        Map<String, Object> properties =
                new HashMap<>(BrokerFixture.get().connection().serdeProperties());
        properties.putAll(settings);
        return properties;
    }
}
