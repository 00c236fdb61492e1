package io.inkstream.embedded.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.lifecycle.Health;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerTest {

    @TempDir
    private Path data;

    @Test
    void keepsItsRecordsOverAStop() throws Exception {
        // Given
        try (EmbeddedBroker broker = started(data)) {
            Records.createTopic(broker.bootstrapServers(), "story");
            Records.write(broker.bootstrapServers(), "story", "once", "upon", "a time");
        }

        // When
        try (EmbeddedBroker again = started(data)) {

            // Then
            assertThat(Records.read(again.bootstrapServers(), "story", 3)).containsExactly("once", "upon", "a time");
        }
    }

    @Test
    void keepsItsRecordsWhenItsProcessIsKilled() throws Exception {
        // Given
        Process process = BrokerProcess.spawn(data);
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            String address = output.readLine();
            Records.createTopic(address, "story");
            Records.write(address, "story", "once", "upon", "a time");
        } finally {
            // When
            process.destroyForcibly().waitFor();
        }
        long began = System.nanoTime();
        try (EmbeddedBroker again = started(data)) {

            // Then
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
            assertThat(Records.read(again.bootstrapServers(), "story", 3)).containsExactly("once", "upon", "a time");
            Records.write(again.bootstrapServers(), "story", "there was");
            assertThat(Records.read(again.bootstrapServers(), "story", 4)).endsWith("there was");
        }
    }

    @Test
    void stopsCleanlyOnSigterm() throws Exception {
        // Given
        Process process = BrokerProcess.spawn(data);
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            String address = output.readLine();
            Records.createTopic(address, "story");
            Records.write(address, "story", "once", "upon", "a time");

            // When
            process.toHandle().destroy();

            // Then Kafka has left its note that no log needs to be mended
            assertThat(process.waitFor()).isEqualTo(128 + 15);
            assertThat(data.resolve("kafka/.kafka_cleanshutdown")).exists();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void listensOnLoopbackOnTheGivenPort() throws Exception {
        // Given
        int port = freePort();

        // When
        try (EmbeddedBroker broker = new EmbeddedBroker(new BrokerSettings(data, port))) {
            broker.start();

            // Then
            assertThat(broker.bootstrapServers()).isEqualTo("127.0.0.1:" + port);
            assertThat(broker.health()).isEqualTo(Health.up("listening on 127.0.0.1:" + port));
        }
    }

    @Test
    void rejectsAPortThatIsTaken() throws Exception {
        // Given
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                EmbeddedBroker broker = new EmbeddedBroker(new BrokerSettings(data, taken.getLocalPort()))) {

            // When, then
            assertThatThrownBy(broker::start)
                    .isInstanceOf(InkstreamException.class)
                    .hasMessageContaining("Port " + taken.getLocalPort() + " on 127.0.0.1")
                    .hasMessageContaining("--port");
            assertThat(broker.health().live()).isTrue();
        }
        // and the folder is free again
        started(data).close();
    }

    @Test
    void rejectsAFolderInUse() {
        // Given
        try (EmbeddedBroker first = started(data);
                EmbeddedBroker second = new EmbeddedBroker(new BrokerSettings(data, 0))) {

            // When, then
            assertThatThrownBy(second::start)
                    .isInstanceOf(InkstreamException.class)
                    .hasMessage(
                            "The data folder %s is in use by another running instance: stop that one, or choose"
                                    + " another folder with --data DIR.",
                            data);
            assertThat(first.health().ready()).isTrue();
        }
    }

    @Test
    void rejectsAFolderThatAnotherProcessUses() throws Exception {
        // Given
        Process process = BrokerProcess.spawn(data);
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
                EmbeddedBroker second = new EmbeddedBroker(new BrokerSettings(data, 0))) {
            assertThat(output.readLine()).startsWith("127.0.0.1:");

            // When, then
            assertThatThrownBy(second::start)
                    .isInstanceOf(InkstreamException.class)
                    .hasMessageContaining("in use by another running instance");
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void rejectsAFileInsteadOfAFolder() throws Exception {
        // Given
        Path file = Files.writeString(data.resolve("book.txt"), "once upon a time");
        try (EmbeddedBroker broker = new EmbeddedBroker(new BrokerSettings(file, 0))) {

            // When, then
            assertThatThrownBy(broker::start)
                    .isInstanceOf(InkstreamException.class)
                    .hasMessage("The data folder %s is a file: choose a folder with --data DIR.", file);
        }
    }

    @Test
    void rejectsAFolderThatIsNotWritable() {
        // Given a place where even the superuser can create nothing
        Path readOnly = Path.of("/proc/inkstream");
        try (EmbeddedBroker broker = new EmbeddedBroker(new BrokerSettings(readOnly, 0))) {

            // When, then
            assertThatThrownBy(broker::start)
                    .isInstanceOf(InkstreamException.class)
                    .hasMessageContaining("The data folder /proc/inkstream cannot be created");
        }
    }

    @Test
    void saysThatItCannotStartOnABrokenFolder() throws Exception {
        // Given
        started(data).close();
        Files.writeString(data.resolve("kafka/meta.properties"), "version=1\nnode.id=7\ncluster.id=other\n");
        try (EmbeddedBroker broker = new EmbeddedBroker(new BrokerSettings(data, 0))) {

            // When, then
            assertThatThrownBy(broker::start)
                    .isInstanceOf(InkstreamException.class)
                    .hasMessageStartingWith("Kafka cannot start on the data folder " + data)
                    .hasMessageContaining("node id 7");
        }
    }

    @Test
    void twoRunSideBySideInOneProcess(@TempDir Path otherData) throws Exception {
        // Given
        try (EmbeddedBroker one = started(data);
                EmbeddedBroker other = started(otherData)) {
            Records.createTopic(one.bootstrapServers(), "story");
            Records.createTopic(other.bootstrapServers(), "story");

            // When
            Records.write(one.bootstrapServers(), "story", "a tale");
            Records.write(other.bootstrapServers(), "story", "another");

            // Then
            assertThat(Records.read(one.bootstrapServers(), "story", 1)).containsExactly("a tale");
            assertThat(Records.read(other.bootstrapServers(), "story", 1)).containsExactly("another");
        }
    }

    @Test
    void closesTwiceAndBeforeTheStart() {
        // Given
        EmbeddedBroker broker = new EmbeddedBroker(new BrokerSettings(data, 0));

        // When
        broker.close();
        broker.close();

        // Then
        assertThat(broker.health().ready()).isFalse();
    }

    private static EmbeddedBroker started(Path folder) {
        EmbeddedBroker broker = new EmbeddedBroker(new BrokerSettings(folder, 0));
        broker.start();
        return broker;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
