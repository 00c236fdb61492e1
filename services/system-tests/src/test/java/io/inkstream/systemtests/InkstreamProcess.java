package io.inkstream.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The {@code inkstream} command in a process of its own. */
final class InkstreamProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final Path out;
    private final Path err;

    private InkstreamProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** Starts a command; its output goes to files in a folder. */
    static InkstreamProcess start(Path folder, List<String> jvmOptions, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add("io.inkstream.standalone.cli.Inkstream");
        command.addAll(List.of(arguments));
        try {
            Path out = Files.createTempFile(folder, arguments[0] + "-", ".out");
            Path err = Files.createTempFile(folder, arguments[0] + "-", ".err");
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            return new InkstreamProcess(process, out, err);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Runs a command to its end, which must be a good one. */
    static InkstreamProcess run(Path folder, String... arguments) {
        InkstreamProcess run = start(folder, List.of(), arguments);
        assertThat(run.end()).as("exit code; stderr: %s", run.errors()).isZero();
        return run;
    }

    /** Waits until standard output has a match, and returns its first group. */
    String awaitOutput(String regex) {
        return awaitMatch(out, regex);
    }

    /** Waits until the log has a match, and returns its first group. */
    String awaitLog(String regex) {
        return awaitMatch(err, regex);
    }

    private String awaitMatch(Path file, String regex) {
        Pattern pattern = Pattern.compile(regex, Pattern.MULTILINE);
        await("output with " + regex).atMost(PATIENCE).until(() -> {
            assertThat(process.isAlive() || pattern.matcher(read(file)).find())
                    .as("still running; stderr: %s", errors())
                    .isTrue();
            return pattern.matcher(read(file)).find();
        });
        Matcher matcher = pattern.matcher(read(file));
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    /** Sends SIGTERM and waits for the end. */
    int terminate() {
        process.destroy();
        return end();
    }

    /** Waits for the end and returns the exit code. */
    int end() {
        try {
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .as("ended; stdout: %s stderr: %s", output(), errors())
                    .isTrue();
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    boolean alive() {
        return process.isAlive();
    }

    String output() {
        return read(out);
    }

    String errors() {
        return read(err);
    }

    JsonNode json() {
        try {
            return JSON.readTree(output());
        } catch (IOException e) {
            throw new AssertionError(output(), e);
        }
    }

    /** Ends the process, hard if need be. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
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
}
