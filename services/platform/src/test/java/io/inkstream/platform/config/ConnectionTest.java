package io.inkstream.platform.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inkstream.platform.InkstreamException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionTest {

    @Test
    void handsKafkaPropertiesToClientsAndSerde() {
        // Given
        Connection connection = new Connection(
                "kafka:9092",
                "http://registry:8081",
                Connection.DEFAULT_SERDE_CLASS,
                Map.of("security.protocol", "SSL", "basic.auth.user.info", "reader:secret"));

        // Then
        assertThat(connection.clientProperties())
                .containsEntry("bootstrap.servers", "kafka:9092")
                .containsEntry("security.protocol", "SSL")
                .doesNotContainKey("schema.registry.url");
        assertThat(connection.serdeProperties())
                .containsEntry("schema.registry.url", "http://registry:8081")
                .containsEntry("basic.auth.user.info", "reader:secret")
                .containsEntry("specific.avro.reader", true);
    }

    @Test
    void tellsTheSerdeThatTheUrlHasCredentials() {
        assertThat(new Connection("kafka:9092", "http://reader:secret@registry:8081/path").serdeProperties())
                .containsEntry("basic.auth.credentials.source", "URL");
        assertThat(new Connection("kafka:9092", "http://registry:8081/reader@path").serdeProperties())
                .doesNotContainKey("basic.auth.credentials.source");
        assertThat(new Connection(
                                "kafka:9092",
                                "http://reader:secret@registry:8081",
                                Connection.DEFAULT_SERDE_CLASS,
                                Map.of("basic.auth.credentials.source", "USER_INFO"))
                        .serdeProperties())
                .containsEntry("basic.auth.credentials.source", "USER_INFO");
    }

    @Test
    void itsAddressesOutweighKafkaProperties() {
        // Given
        Connection connection = new Connection(
                "kafka:9092",
                "http://registry:8081",
                Connection.DEFAULT_SERDE_CLASS,
                Map.of("bootstrap.servers", "other:9092", "schema.registry.url", "http://other:8081"));

        // Then
        assertThat(connection.clientProperties()).containsEntry("bootstrap.servers", "kafka:9092");
        assertThat(connection.serdeProperties()).containsEntry("schema.registry.url", "http://registry:8081");
    }

    @Test
    void doesNotChangeWithTheMapsItWasMadeFromOrGave() {
        // Given
        Map<String, String> properties = new HashMap<>(Map.of("client.rack", "a"));
        Connection connection =
                new Connection("kafka:9092", "http://registry:8081", Connection.DEFAULT_SERDE_CLASS, properties);

        // When
        properties.put("client.rack", "b");
        connection.clientProperties().put("client.rack", "c");

        // Then
        assertThat(connection.clientProperties()).containsEntry("client.rack", "a");
    }

    @Test
    void onlyGroupsKnowTheInstance() {
        // Given
        Connection connection = new Connection("kafka:9092", "http://registry:8081").withInstance("trainer-1");

        // Then
        assertThat(connection.instance()).contains("trainer-1");
        assertThat(connection.clientProperties()).doesNotContainKey("group.instance.id");
        assertThat(new Connection("kafka:9092", "http://registry:8081").instance())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", "a b", "trainer/1"})
    void rejectsAnInstanceNameThatKafkaWouldReject(String name) {
        assertThatThrownBy(() -> new Connection("kafka:9092", "http://registry:8081").withInstance(name))
                .isInstanceOf(InkstreamException.class)
                .hasMessageContaining("'%s'", name);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "  "})
    void saysHowToGiveWhatIsMissing(String missing) {
        assertThatThrownBy(() -> new Connection(missing, "http://registry:8081"))
                .isInstanceOf(InkstreamException.class)
                .hasMessageContaining("--bootstrap-servers");
        assertThatThrownBy(() -> new Connection("kafka:9092", missing))
                .isInstanceOf(InkstreamException.class)
                .hasMessageContaining("--schema-registry");
        assertThatThrownBy(() -> new Connection("kafka:9092", "http://registry:8081", missing, Map.of()))
                .isInstanceOf(InkstreamException.class)
                .hasMessageContaining("--serde-class");
    }
}
