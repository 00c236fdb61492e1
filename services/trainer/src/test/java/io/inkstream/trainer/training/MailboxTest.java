package io.inkstream.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inkstream.platform.InkstreamException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class MailboxTest {

    private final Mailbox mailbox = new Mailbox();

    @Test
    void commandsAreExecutedInOrderAndCompleted() throws InterruptedException {
        // Given
        List<String> done = new ArrayList<>();
        CompletableFuture<Void> first = mailbox.submit(() -> done.add("first"));
        CompletableFuture<Void> second = mailbox.submit(() -> done.add("second"));
        assertThat(first).isNotDone();

        // When
        mailbox.execute(0);

        // Then
        assertThat(done).containsExactly("first", "second");
        assertThat(first).isCompleted();
        assertThat(second).isCompleted();
        assertThat(mailbox.isEmpty()).isTrue();
    }

    @Test
    void aCommandThatFailsIsCompletedExceptionally() {
        // Given
        CompletableFuture<Void> reply = mailbox.submit(() -> {
            throw new InkstreamException("This cannot be done.");
        });

        // When, Then both its thread and whoever submitted it see the exception
        assertThatThrownBy(() -> mailbox.execute(0)).hasMessage("This cannot be done.");
        assertThat(reply).isCompletedExceptionally();
    }

    @Test
    void commandsOfAClosedMailboxAreCompleted() {
        // Given
        CompletableFuture<Void> before = mailbox.submit(() -> {
            throw new AssertionError("executed after the end");
        });

        // When
        mailbox.close();

        // Then
        assertThat(before).isCompleted();
        assertThat(mailbox.submit(() -> {})).isCompleted();
    }

    @Test
    void aCommandThatIsSubmittedDuringCloseIsCompleted() throws Exception {
        for (int i = 0; i < 1_000; i++) {
            // Given a mailbox that is closed while a command is submitted
            Mailbox closing = new Mailbox();
            CompletableFuture<Void> closed = CompletableFuture.runAsync(closing::close);

            // When
            CompletableFuture<Void> reply = closing.submit(() -> {});

            // Then
            closed.join();
            assertThat(reply).isCompleted();
        }
    }

    @Test
    void aSignalEndsAWaitAndIsNoCommand() throws Exception {
        // Given a thread that waits
        CompletableFuture<Void> waited = CompletableFuture.runAsync(() -> execute(mailbox, 60_000));

        // When
        mailbox.signal();

        // Then
        assertThat(waited).succeedsWithin(Duration.ofSeconds(10));
        assertThat(mailbox.isEmpty()).isTrue();
    }

    @Test
    void aSignalBeforeTheWaitIsNotMissed() {
        // Given
        mailbox.signal();

        // When
        CompletableFuture<Void> waited = CompletableFuture.runAsync(() -> execute(mailbox, 60_000));

        // Then
        assertThat(waited).succeedsWithin(Duration.ofSeconds(10));
    }

    private static void execute(Mailbox mailbox, long waitMillis) {
        try {
            mailbox.execute(waitMillis);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
