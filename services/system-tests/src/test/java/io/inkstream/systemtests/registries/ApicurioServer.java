package io.inkstream.systemtests.registries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.inkstream.systemtests.InkstreamProcess;
import io.inkstream.systemtests.processes.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Apicurio Registry in a process of its own, with its data in a folder, for one user with a password. The build unpacks it in the profile
 * "external".
 */
final class ApicurioServer implements AutoCloseable {

    static final String USER_INFO = "inkstream:secret";

    private static final Path PROGRAM = Path.of("target", "apicurio", "quarkus-run.jar");
    private static final int JAVA = 21;
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private final Path java;
    private final Path folder;
    private final int port = FreePorts.next();
    private Process process;

    private ApicurioServer(Path java, Path folder) {
        this.java = java;
        this.folder = folder;
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "end-apicurio"));
    }

    /** Starts it; the test is skipped where it or its Java is missing. */
    static ApicurioServer start(Path folder) {
        assumeTrue(Files.exists(PROGRAM), "Apicurio Registry is not unpacked: run 'mvn verify -Pexternal'");
        ApicurioServer server = new ApicurioServer(
                JavaHomes.atLeast(JAVA).orElseGet(() -> {
                    assumeTrue(
                            false,
                            "Apicurio Registry needs Java %d or newer: install a JDK, or name one in %s"
                                    .formatted(JAVA, JavaHomes.VARIABLE));
                    throw new AssertionError();
                }),
                folder);
        server.start();
        return server;
    }

    /** Its interface for Confluent's clients. */
    String url() {
        return "http://127.0.0.1:%d/apis/ccompat/v7".formatted(port);
    }

    /** Starts it again, with the data that it had. */
    void start() {
        String[] command = {
            java.toString(),
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Djava.io.tmpdir=" + folder,
            "-Dquarkus.http.host=127.0.0.1",
            "-Dquarkus.http.port=" + port,
            "-Dquarkus.management.host=127.0.0.1",
            "-Dquarkus.management.port=0",
            "-Dapicurio.datasource.url=jdbc:h2:file:" + folder.resolve("registry"),
            "-Dquarkus.security.users.embedded.plain-text=true",
            "-Dquarkus.security.users.embedded.users.inkstream=secret",
            "-Dquarkus.security.users.embedded.roles.inkstream=sr-admin",
            "-Dquarkus.http.auth.basic=true",
            "-Dquarkus.http.auth.permission.all.paths=/apis/*",
            "-Dquarkus.http.auth.permission.all.policy=authenticated",
            "-jar",
            PROGRAM.toAbsolutePath().toString()
        };
        Path log = folder.resolve("log");
        try {
            process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url() + "/subjects")).build();
        HttpClient client = HttpClient.newHttpClient();
        await().atMost(TIMEOUT).ignoreExceptionsInstanceOf(IOException.class).until(() -> {
            assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
            return client.send(request, BodyHandlers.discarding()).statusCode() == 401;
        });
    }

    /** Ends it. */
    @Override
    public void close() {
        if (process != null) {
            InkstreamProcess.end(process);
        }
    }
}
