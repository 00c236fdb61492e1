package io.inkstream.cli.commands;

import io.inkstream.cli.output.Screen;
import io.inkstream.cli.stack.EmbeddedStack;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.embedded.EmbeddedCluster;
import io.inkstream.launcher.commandline.LogAudience;
import io.inkstream.launcher.commandline.LoggingCommand;
import io.inkstream.launcher.commandline.OptionChecks;
import io.inkstream.launcher.commandline.RootCommand;
import io.inkstream.launcher.options.GeneratorOptions;
import io.inkstream.launcher.options.MetricsOptions;
import io.inkstream.launcher.options.ServiceOptions;
import io.inkstream.launcher.options.TopicPrefixOption;
import io.inkstream.launcher.services.ServiceSettings;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.config.KafkaEnvironment;
import io.inkstream.platform.observability.ObservabilityServer;
import io.inkstream.platform.observability.ServiceMetrics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the whole pipeline on this machine. */
@Command(
        name = "up",
        description =
                "Run an embedded Kafka broker, a schema registry and the three services until Ctrl-C. The data is kept.")
public final class UpCommand implements Callable<Integer>, LoggingCommand {

    private static final int USUAL_PORT = 9092;
    private static final int USUAL_REGISTRY_PORT = 8081;
    private static final long POLL_MILLIS = 500;

    @Spec
    private CommandSpec command;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "inkstream-data",
            description = "Folder for the topics. Default: ./${DEFAULT-VALUE}.")
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

    @Mixin
    private GeneratorOptions generatorOptions;

    @Override
    public LogAudience audience() {
        return LogAudience.HOST;
    }

    @Override
    public Integer call() throws InterruptedException {
        long began = System.nanoTime();
        new OptionChecks(command).port("--port", port).port("--registry-port", registryPort);
        ServiceSettings settings = generatorOptions.of(serviceOptions.settings());
        int metricsPort = metrics.port();
        Screen screen = Screen.of(command);
        screen.out()
                .println("Starting Kafka, a schema registry, ingest, trainer and generator on %s …".formatted(data));
        try (ServiceMetrics meters = new ServiceMetrics("standalone");
                EmbeddedStack stack = new EmbeddedStack(
                        new EmbeddedCluster(
                                data,
                                port,
                                registryPort,
                                KafkaEnvironment.properties(
                                        RootCommand.of(command).environment())),
                        topicPrefix.topics(),
                        settings,
                        meters.registry())) {
            stack.start();
            try (ObservabilityServer observability = ObservabilityServer.start(
                    metrics.address(), metricsPort, meters, stack.pipeline().services())) {
                Duration startTime = Duration.ofNanos(System.nanoTime() - began);
                welcome(screen, stack.connection(), observability.port(), startTime);
                runUntilInterrupted(stack, screen);
            }
        }
        return 0;
    }

    private void runUntilInterrupted(EmbeddedStack stack, Screen screen) throws InterruptedException {
        try {
            while (true) {
                stack.requireLive();
                Thread.sleep(POLL_MILLIS);
            }
        } finally {
            screen.out().println();
            screen.out().println("Stopping. The data is kept in %s.".formatted(data));
        }
    }

    private void welcome(Screen screen, Connection connection, int metricsPort, Duration startTime) {
        String elsewhere = elsewhere(connection);
        screen.out().println("""
                Ready after %.1f s.
                  Kafka             %s
                  schema registry   %s
                  metrics, health   http://%s:%d/metrics

                Try, in another terminal:
                  inkstream produce%s --corpus wells book.txt
                  inkstream train%s --corpus wells
                  inkstream complete%s --corpus wells --wait 60 "time traveller"

                Ctrl-C stops it.""".formatted(
                        startTime.toMillis() / 1000.0,
                        connection.bootstrapServers(),
                        connection.schemaRegistryUrl(),
                        metrics.address(),
                        metricsPort,
                        elsewhere,
                        elsewhere,
                        elsewhere));
    }

    /** The options with which commands find this stack; none for the default ports and prefix. */
    private String elsewhere(Connection connection) {
        return (port == USUAL_PORT ? "" : " --bootstrap-servers " + connection.bootstrapServers())
                + (registryPort == USUAL_REGISTRY_PORT ? "" : " --schema-registry " + connection.schemaRegistryUrl())
                + (topicPrefix.topics().prefix().equals(TopicNames.DEFAULT_PREFIX)
                        ? ""
                        : " --topic-prefix " + topicPrefix.topics().prefix());
    }
}
