package io.inkstream.systemtests.chaos;

import io.inkstream.systemtests.invariants.Findings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the pipeline in processes that are killed, paused and restarted, and checks what is left in the topics. */
@Command(
        name = "chaos",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        description = {
            "Run broker, ingest, two trainers and generator as processes that are killed, paused and restarted, and check from the topics that "
                    + "nothing was lost, duplicated or changed. Prints its schedule, each event, and the figures. Exit code 1: something was."
        })
public final class Chaos implements Callable<Integer> {

    @Option(
            names = "--minutes",
            paramLabel = "N",
            defaultValue = "60",
            description = "How long. Default: ${DEFAULT-VALUE}.")
    private int minutes;

    @Option(
            names = "--kills",
            paramLabel = "N",
            defaultValue = "0",
            description = "End after so many kills; 0: when the time is over. Default: ${DEFAULT-VALUE}.")
    private int kills;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Seed of the schedule and the text. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Where data and logs go. Default: a new temporary folder, which is kept.")
    private Path data;

    private Chaos() {}

    /** Ends with 0 when everything held. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Chaos()).execute(arguments));
    }

    @Override
    public Integer call() throws InterruptedException {
        Path folder = folder();
        System.out.println("Data and logs: " + folder);
        ChaosSchedule schedule = ChaosSchedule.of(seed, ChaosRun.SERVICES, Duration.ofMinutes(minutes), kills);
        ChaosRun.Settings settings =
                new ChaosRun.Settings(ChaosRun.SERVICES, 400, Duration.ofMinutes(3), Duration.ofMinutes(10));
        Findings findings = new ChaosRun(folder, schedule, settings, System.out).run();
        return findings.faults().isEmpty() ? 0 : 1;
    }

    private Path folder() {
        try {
            return data == null
                    ? Files.createTempDirectory("inkstream-chaos-")
                    : Files.createDirectories(data.toAbsolutePath());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
