package io.inkstream.platform.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inkstream.platform.InkstreamException;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ServiceRunnerTest {

    private final List<String> journal = new CopyOnWriteArrayList<>();

    @Test
    void startsInOrderAndClosesInReverse() {
        // Given
        ServiceRunner runner = new ServiceRunner(List.of(service("ingest"), service("trainer")));

        // When
        runner.start();
        runner.close();
        runner.close();

        // Then
        assertThat(journal)
                .containsExactly(
                        "ingest started",
                        "trainer started",
                        "trainer worked to its end",
                        "trainer closed",
                        "ingest worked to its end",
                        "ingest closed");
    }

    @Test
    void closesWhatWasStartedWhenOneCannotStart() {
        // Given
        Service broken = new OnlyStarts(() -> {
            throw new InkstreamException("The trainer cannot start.");
        });
        ServiceRunner runner = new ServiceRunner(List.of(service("ingest"), broken, service("generator")));

        // When, then
        assertThatThrownBy(runner::start)
                .isInstanceOf(InkstreamException.class)
                .hasMessage("The trainer cannot start.");
        assertThat(journal).containsExactly("ingest started", "ingest worked to its end", "ingest closed");
    }

    @Test
    void namesTheServiceThatFailed() throws Exception {
        // Given
        RecordingService trainer = service("trainer");
        try (ServiceRunner runner = new ServiceRunner(List.of(service("ingest"), trainer))) {
            runner.start();
            CompletableFuture<Optional<InkstreamException>> end = awaitEnd(runner);
            assertThat(end).isNotDone();

            // When
            trainer.breakDown("the disk is full");

            // Then
            assertThat(end.get(10, TimeUnit.SECONDS)).get().satisfies(failure -> assertThat(failure)
                    .hasMessage("The trainer broke down (the disk is full): see the log, and start it again."));
        }
    }

    @Test
    void endsWithoutFailureWhenClosed() throws Exception {
        // Given
        ServiceRunner runner = new ServiceRunner(List.of(service("ingest")));
        runner.start();
        CompletableFuture<Optional<InkstreamException>> end = awaitEnd(runner);

        // When
        runner.close();

        // Then
        assertThat(end.get(10, TimeUnit.SECONDS)).isEmpty();
    }

    @Test
    void doesNotWaitForeverForAServiceThatDoesNotClose() {
        // Given
        CountDownLatch never = new CountDownLatch(1);
        Service stuck = new OnlyCloses(() -> Awaitility.await().forever().until(() -> never.getCount() == 0));
        ServiceRunner runner = new ServiceRunner(List.of(service("ingest"), stuck), Duration.ofMillis(200));
        runner.start();
        long began = System.nanoTime();

        // When
        runner.close();

        // Then
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
        assertThat(journal).endsWith("ingest closed");
        never.countDown();
    }

    @Test
    void interruptsAServiceThatIsStillStarting() throws Exception {
        // Given
        CountDownLatch starting = new CountDownLatch(1);
        Service waiting = new OnlyStarts(() -> {
            starting.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                throw new InkstreamException("Stopped while waiting.", e);
            }
        });
        ServiceRunner runner = new ServiceRunner(List.of(service("ingest"), waiting));
        CompletableFuture<Void> start = CompletableFuture.runAsync(runner::start);
        starting.await();

        // When
        runner.close();

        // Then
        assertThat(journal).endsWith("ingest closed");
        assertThatThrownBy(start::join).hasRootCauseInstanceOf(InterruptedException.class);
    }

    @Test
    void closesItsServicesOnSigterm() throws Exception {
        // Given
        Process process = RunnerProcess.command().start();
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(output.readLine()).isEqualTo("ingest started");
            assertThat(output.readLine()).isEqualTo("trainer started");

            // When
            process.toHandle().destroy();

            // Then
            assertThat(output.lines())
                    .containsExactly(
                            "trainer worked to its end", "trainer closed", "ingest worked to its end", "ingest closed");
            assertThat(process.waitFor()).isEqualTo(128 + 15);
        } finally {
            process.destroyForcibly();
        }
    }

    private RecordingService service(String name) {
        return new RecordingService(name, journal::add);
    }

    private static CompletableFuture<Optional<InkstreamException>> awaitEnd(ServiceRunner runner) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return runner.awaitEnd();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private record OnlyStarts(Runnable starting) implements Service {

        @Override
        public String name() {
            return "trainer";
        }

        @Override
        public void start() {
            starting.run();
        }

        @Override
        public Health health() {
            return Health.waiting("starting");
        }

        @Override
        public void close() {}
    }

    private record OnlyCloses(Runnable closing) implements Service {

        @Override
        public String name() {
            return "generator";
        }

        @Override
        public void start() {}

        @Override
        public Health health() {
            return Health.up("at work");
        }

        @Override
        public void close() {
            closing.run();
        }
    }
}
