package io.inkstream.platform.lifecycle;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** Two services in a process of their own, for tests that send it signals. */
final class RunnerProcess {

    private RunnerProcess() {}

    public static void main(String[] arguments) throws InterruptedException {
        Consumer<String> journal = System.out::println;
        ServiceRunner runner = new ServiceRunner(
                List.of(new RecordingService("ingest", journal), new RecordingService("trainer", journal)));
        runner.start();
        runner.awaitEnd();
    }

    static ProcessBuilder command() {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        RunnerProcess.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
    }
}
