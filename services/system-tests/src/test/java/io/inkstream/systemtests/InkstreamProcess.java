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
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The {@code inkstream} command, or another main class, in a process of its own, which ends with this one at the latest. */
public final class InkstreamProcess implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(90);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String COMMAND_LINE = "io.inkstream.cli.Inkstream";

    /**
     * The commands that train for long, and the options with which the launcher starts Java for them. Services that are started
     * again and again are never warm: they compute with single numbers, with the same result.
     */
    private static final Set<String> COMPUTING = Set.of("demo", "reproduce", "up", "verify");

    private static final List<String> VECTORS = List.of("--add-modules", "jdk.incubator.vector");

    private static final String QUICK = "-XX:TieredStopAtLevel=1";

    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        // A stopped process would not even end on SIGTERM.
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly), "end-processes"));
    }

    private final Process process;
    private final Path out;
    private final Path err;
    private boolean paused;

    private InkstreamProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** Starts a command; its output goes to files in a folder. */
    public static InkstreamProcess start(Path folder, List<String> jvmOptions, String... arguments) {
        return java(folder, arguments[0], jvmOptions, Map.of(), COMMAND_LINE, List.of(arguments));
    }

    /** Starts the command line under another name for its output files, with further environment variables. */
    public static InkstreamProcess start(
            Path folder,
            String name,
            List<String> jvmOptions,
            Map<String, String> environment,
            List<String> arguments) {
        return java(folder, name, jvmOptions, environment, COMMAND_LINE, arguments);
    }

    /** Starts a main class of this class path; its output goes to files in a folder, named after it. */
    public static InkstreamProcess java(
            Path folder,
            String name,
            List<String> jvmOptions,
            Map<String, String> environment,
            String mainClass,
            List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:+UseSerialGC");
        command.addAll(COMPUTING.contains(arguments.get(0)) ? VECTORS : List.of(QUICK));
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(mainClass);
        command.addAll(arguments);
        try {
            Path out = Files.createTempFile(folder, name + "-", ".out");
            Path err = Files.createTempFile(folder, name + "-", ".err");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            RUNNING.add(process);
            Future<?> unused = process.onExit().thenAccept(RUNNING::remove);
            return new InkstreamProcess(process, out, err);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Runs a command to its end, which must be a good one. */
    public static InkstreamProcess run(Path folder, String... arguments) {
        InkstreamProcess run = start(folder, List.of(), arguments);
        assertThat(run.end()).as("exit code; stderr: %s", run.errors()).isZero();
        return run;
    }

    /** Waits until standard output has a match, and returns its first group. */
    public String awaitOutput(String regex) {
        return awaitMatch(out, regex);
    }

    /** Waits until the log has a match, and returns its first group. */
    public String awaitLog(String regex) {
        return awaitMatch(err, regex);
    }

    private String awaitMatch(Path file, String regex) {
        Pattern pattern = Pattern.compile(regex, Pattern.MULTILINE);
        await("output with " + regex).atMost(TIMEOUT).until(() -> {
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
    public int terminate() {
        process.destroy();
        return end();
    }

    /** Sends SIGTERM. */
    public void ask() {
        process.destroy();
    }

    /** Sends SIGKILL and waits for the end. */
    public void kill() {
        process.destroyForcibly();
        int unused = end();
    }

    /** Sends SIGSTOP: resumed by SIGCONT. */
    public void pause() {
        signal("STOP");
        paused = true;
    }

    /** Sends SIGCONT. */
    public void resume() {
        signal("CONT");
        paused = false;
    }

    private void signal(String name) {
        try {
            Process kill = new ProcessBuilder("/bin/sh", "-c", "kill -%s %d".formatted(name, process.pid())).start();
            assertThat(kill.waitFor())
                    .as("SIG%s to process %d", name, process.pid())
                    .isZero();
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits for the end and returns the exit code. */
    public int end() {
        try {
            assertThat(process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS))
                    .as("ended; stdout: %s stderr: %s", output(), errors())
                    .isTrue();
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** True until it has ended. */
    public boolean alive() {
        return process.isAlive();
    }

    /** Its standard output so far. */
    public String output() {
        return read(out);
    }

    /** Its log so far. */
    public String errors() {
        return read(err);
    }

    /** Its standard output as JSON. */
    public JsonNode json() {
        try {
            return JSON.readTree(output());
        } catch (IOException e) {
            throw new AssertionError(output(), e);
        }
    }

    /** Ends the process, hard if need be. */
    @Override
    public void close() {
        if (paused && process.isAlive()) {
            resume();
        }
        end(process);
    }

    /** Sends SIGTERM to a process, and SIGKILL if that does not help; returns when it is gone. */
    public static void end(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                int unused = process.destroyForcibly().waitFor();
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
