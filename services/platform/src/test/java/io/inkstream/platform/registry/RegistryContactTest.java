package io.inkstream.platform.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RegistryContactTest {

    private final AtomicLong seconds = new AtomicLong();
    private final RegistryContact contact = new RegistryContact(() -> seconds.get() * 1_000_000_000L);

    @Test
    void itIsLostFromTheFirstFailureToTheNextAnswer() {
        // Given
        assertThat(contact.problem()).isEmpty();

        // When
        contact.unanswered("http://registry:8081");
        seconds.addAndGet(10);
        contact.unanswered("http://registry:8081");
        seconds.addAndGet(2);

        // Then
        assertThat(contact.problem())
                .contains("The registry at http://registry:8081 has been unavailable for 12 s; retrying");
        contact.answered();
        assertThat(contact.problem()).isEmpty();
    }

    @Test
    void aFailureExpiresWithoutFurtherRequests() {
        // When
        contact.unanswered("http://registry:8081");
        seconds.addAndGet(30);

        // Then
        assertThat(contact.problem()).isEmpty();
    }
}
