package io.inkstream.platform.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;
import java.nio.BufferUnderflowException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The exceptions of serdes that are not Inkstream's own. */
class SerdeCallsTest {

    private static final String URL = "http://127.0.0.1:8081";

    private final RegistryContact contact = new RegistryContact(new AtomicLong()::get);
    private final SerdeCalls calls = new SerdeCalls(URL, contact);

    @Test
    void anUnavailableRegistryIsNotTheRecordsFault() {
        // Given
        RuntimeException unreachable = new SerializationException("Error", new ConnectException("refused"));
        RuntimeException slow = new TimeoutException("Error");
        RuntimeException failing =
                new SerializationException("Error", new Exception("Store failed; error code: 50001"));

        // When, Then
        for (RuntimeException failure : new RuntimeException[] {unreachable, slow, failing}) {
            assertThatThrownBy(() -> calls.call("t", "written", failingWith(failure)))
                    .isInstanceOf(RegistryUnavailableException.class)
                    .hasMessage(
                            "A record of topic t cannot be written now: the schema registry at %s does not answer.",
                            URL)
                    .hasCause(failure);
            assertThat(contact.problem()).hasValueSatisfying(problem -> assertThat(problem)
                    .startsWith("The registry at %s has been unavailable".formatted(URL)));

            // When it is there again
            assertThat(calls.call("t", "written", () -> 7)).isEqualTo(7);

            // Then
            assertThat(contact.problem()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void wrongCredentialsAreNotTheRecordsFault(int status) {
        // Given
        RuntimeException failure = new InvalidConfigurationException("Unauthorized; error code: " + status);

        // When, Then
        assertThatThrownBy(() -> calls.call("t", "read", failingWith(failure)))
                .isInstanceOfSatisfying(
                        RegistryException.class, e -> assertThat(e.status()).isEqualTo(status))
                .hasMessageContaining("Unauthorized")
                .hasMessageEndingWith("Check the credentials (basic.auth.credentials.source, basic.auth.user.info).")
                .hasCause(failure);
        assertThat(contact.problem()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"40403", "40401", "409", "42201"})
    void aSchemaThatTheRegistryDoesNotHaveOrTakeIsTheRecordsFault(String code) {
        // Given
        RuntimeException failure = new InvalidConfigurationException("No such schema; error code: " + code);

        // When, Then
        assertThatThrownBy(() -> calls.call("t", "read", failingWith(failure)))
                .isInstanceOf(SerializationException.class)
                .hasMessageStartingWith("A record of topic t cannot be read: ")
                .hasMessageContaining("No such schema")
                .cause()
                .isInstanceOfSatisfying(
                        RegistryException.class, e -> assertThat(e.errorCode()).isEqualTo(Integer.parseInt(code)));
    }

    @Test
    void anyOtherFailureStaysAsItIs() {
        for (RuntimeException failure : new RuntimeException[] {
            new SerializationException("Unknown magic byte!"),
            new RegistryException("rejected", 404, 404),
            new RegistryUnavailableException("down", new ConnectException())
        }) {
            assertThatThrownBy(() -> calls.call("t", "read", failingWith(failure)))
                    .isSameAs(failure);
        }
    }

    @Test
    void anExceptionThatIsNotKafkasIsTheRecordsFault() {
        // Given a deserializer that does not check how long a record is
        RuntimeException failure = new BufferUnderflowException();

        // When, Then
        assertThatThrownBy(() -> calls.call("t", "read", failingWith(failure)))
                .isInstanceOf(SerializationException.class)
                .hasMessage("A record of topic t cannot be read: java.nio.BufferUnderflowException")
                .hasCause(failure);
    }

    private static Supplier<Object> failingWith(RuntimeException failure) {
        return () -> {
            throw failure;
        };
    }
}
