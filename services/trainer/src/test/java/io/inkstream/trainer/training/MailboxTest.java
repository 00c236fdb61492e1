package io.inkstream.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inkstream.platform.InkstreamException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class MailboxTest {

    private final Mailbox mailbox = new Mailbox();

    @Test
    void commandsAreCarriedOutInOrderAndAnswered() throws InterruptedException {
        // Given
        List<String> done = new ArrayList<>();
        CompletableFuture<Void> first = mailbox.ask(() -> done.add("first"));
        CompletableFuture<Void> second = mailbox.ask(() -> done.add("second"));
        assertThat(first).isNotDone();

        // When
        mailbox.carryOut(0);

        // Then
        assertThat(done).containsExactly("first", "second");
        assertThat(first).isCompleted();
        assertThat(second).isCompleted();
        assertThat(mailbox.isEmpty()).isTrue();
    }

    @Test
    void aCommandThatFailsIsAnswered() {
        // Given
        CompletableFuture<Void> answer = mailbox.ask(() -> {
            throw new InkstreamException("This cannot be done.");
        });

        // When, Then its thread learns of it, and so does whoever asked
        assertThatThrownBy(() -> mailbox.carryOut(0)).hasMessage("This cannot be done.");
        assertThat(answer).isCompletedExceptionally();
    }

    @Test
    void whoeverAsksAClosedMailboxIsAnswered() {
        // Given
        CompletableFuture<Void> before = mailbox.ask(() -> {
            throw new AssertionError("carried out after the end");
        });

        // When
        mailbox.close();

        // Then
        assertThat(before).isCompleted();
        assertThat(mailbox.ask(() -> {})).isCompleted();
    }

    @Test
    void whoeverAsksWhileItIsClosedIsAnswered() throws Exception {
        for (int i = 0; i < 1_000; i++) {
            // Given a mailbox that is closed while somebody asks
            Mailbox closing = new Mailbox();
            CompletableFuture<Void> closed = CompletableFuture.runAsync(closing::close);

            // When
            CompletableFuture<Void> answer = closing.ask(() -> {});

            // Then
            closed.join();
            assertThat(answer).isCompleted();
        }
    }
}
