package io.inkstream.systemtests.stacks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A command that ran to its end.
 *
 * @param exitCode its exit code
 * @param output its standard output
 * @param errors its standard error
 */
public record CommandRun(int exitCode, String output, String errors) {

    private static final Path NO_INPUT = Path.of("/dev/null");

    /** Runs a command without input. */
    public static CommandRun of(Path folder, Map<String, String> environment, Duration limit, List<String> command) {
        return of(folder, environment, NO_INPUT, limit, command);
    }

    /**
     * Runs a command.
     *
     * @param folder where it runs
     * @param environment variables besides those of this process
     * @param input what it reads
     * @param limit how long it may take; then it is ended, and the test fails
     */
    public static CommandRun of(
            Path folder, Map<String, String> environment, Path input, Duration limit, List<String> command) {
        try {
            // Files, as a command that writes much would wait for a reader.
            Path output = Files.createTempFile("command-", ".out");
            Path errors = Files.createTempFile("command-", ".err");
            try {
                ProcessBuilder builder = new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectInput(input.toFile())
                        .redirectOutput(output.toFile())
                        .redirectError(errors.toFile());
                builder.environment().keySet().removeIf(name -> name.startsWith("INKSTREAM_"));
                builder.environment().putAll(environment);
                Process process = builder.start();
                if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
                    process.destroy();
                    throw new AssertionError("%s has not ended after %s: %s %s"
                            .formatted(command, limit, Files.readString(output), Files.readString(errors)));
                }
                return new CommandRun(process.exitValue(), Files.readString(output), Files.readString(errors));
            } finally {
                Files.delete(output);
                Files.delete(errors);
            }
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(command.toString(), e);
        }
    }

    /** This run, whose exit code must be 0. */
    public CommandRun successful() {
        if (exitCode != 0) {
            throw new AssertionError("Exit code %d%n%s%n%s".formatted(exitCode, output, errors));
        }
        return this;
    }
}
