package io.inkstream.systemtests.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.inkstream.platform.config.Connection;
import io.inkstream.systemtests.processes.FreePorts;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs the documents' commands as they are written, in a folder: only the addresses of Kafka and the registry are replaced by those of a
 * pipeline, and the port of Kafka Connect by a free one. A command ends with its test at the latest.
 */
final class Shell implements AutoCloseable {

    private static final long TIMEOUT_SECONDS = 120;

    private final Path folder;
    private final Path bin;
    private final Map<String, String> addresses;
    private final List<Process> started = new ArrayList<>();

    /** A shell for a pipeline; its programs see the folder as their working directory. */
    Shell(Path folder, Connection connection) {
        this.folder = folder;
        this.bin = folder.resolve("bin");
        this.addresses = Map.of(
                "localhost:9092", connection.bootstrapServers(),
                "http://localhost:8081", connection.schemaRegistryUrl(),
                "localhost:8083", "localhost:" + FreePorts.next());
        try {
            Files.createDirectories(bin);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Skips the test, with a sentence that says what to install, if there is no such program. */
    static void require(String program, String install) {
        boolean found = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder).resolve(program)));
        assumeThat(found).as("'%s' is not installed: %s", program, install).isTrue();
    }

    /** Copies a file into the folder, with the pipeline's addresses in place of the usual ones. */
    Shell with(Path file) {
        return with(file.getFileName().toString(), read(file));
    }

    /** Writes a file into the folder, with the pipeline's addresses in place of the usual ones. */
    Shell with(String name, String content) {
        return write(folder.resolve(name), here(content));
    }

    /** Makes a program available under a name. */
    Shell program(String name, String script) {
        Path file = bin.resolve(name);
        write(file, "#!/bin/sh\n" + script + "\n");
        try {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return this;
    }

    /** Runs a command to its end, and returns it. */
    Ended run(String command) {
        Path out = temporary("out");
        Path err = temporary("err");
        Process process = start(command, out, err);
        try {
            boolean ended = process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            Ended result = new Ended(command, ended ? process.exitValue() : -1, read(out), read(err));
            assertThat(ended).as("ended: %s", result).isTrue();
            return result;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Runs a command to its end, which must be a good one, and returns its standard output. */
    String output(String command) {
        Ended ended = run(command);
        assertThat(ended.exitCode()).as("exit code of %s", ended).isZero();
        return ended.out();
    }

    /** Starts a command that runs until it is stopped; its output goes to files of this name. */
    Process start(String command, String name) {
        return start(command, folder.resolve(name + ".out"), folder.resolve(name + ".err"));
    }

    private Process start(String command, Path out, Path err) {
        try {
            // A single program replaces the shell, so that it is what a signal reaches.
            boolean single = !command.contains("|");
            ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", (single ? "exec " : "") + here(command))
                    .directory(folder.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().merge("PATH", bin.toString(), (path, ours) -> ours + File.pathSeparator + path);
            Process process = builder.start();
            started.add(process);
            return process;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        for (Process process : started) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            Process unused = process.destroyForcibly();
        }
    }

    private String here(String text) {
        String here = text;
        for (Map.Entry<String, String> address : addresses.entrySet()) {
            here = here.replace(address.getKey(), address.getValue());
        }
        return here;
    }

    private Path temporary(String suffix) {
        try {
            return Files.createTempFile(folder, "command-", "." + suffix);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Shell write(Path file, String content) {
        try {
            Files.writeString(file, content);
            return this;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /**
     * A command that has ended.
     *
     * @param command as it is in the document
     * @param exitCode 0: it succeeded
     * @param out its standard output
     * @param err its standard error
     */
    record Ended(String command, int exitCode, String out, String err) {}
}
