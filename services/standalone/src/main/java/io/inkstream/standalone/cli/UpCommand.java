package io.inkstream.standalone.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The whole pipeline as a service for this machine. */
@Command(
        name = "up",
        description =
                "Run an embedded Kafka, a schema registry and the three services, until Ctrl-C. The data is kept.",
        sortOptions = false)
final class UpCommand implements Callable<Integer>, LoggingCommand {

    private static final int USUAL_PORT = 9092;
    private static final int USUAL_REGISTRY_PORT = 8081;
    private static final long POLL_MILLIS = 500;

    @Spec
    private CommandSpec command;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "inkstream-data",
            description = "Where the topics are kept. Default: ./${DEFAULT-VALUE}.")
    private Path data;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "9092",
            description = "Kafka's port; 0: any free port. Default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(
            names = "--registry-port",
            paramLabel = "PORT",
            defaultValue = "8081",
            description = "The schema registry's port; 0: any free port. Default: ${DEFAULT-VALUE}.")
    private int registryPort;

    @Mixin
    private MetricsOptions metrics;

    @Mixin
    private TopicPrefixOption topicPrefix;

    @Mixin
    private ServiceOptions serviceOptions;

    @Override
    public Integer call() throws InterruptedException {
        long began = System.nanoTime();
        new Values(command).port("--port", port).port("--registry-port", registryPort);
        return 0;
    }
}
