package io.inkstream.launcher;

import io.inkstream.launcher.commandline.LogAudience;
import io.inkstream.launcher.commandline.LoggingCommand;
import io.inkstream.launcher.commandline.OptionChecks;
import io.inkstream.launcher.options.ConnectionOptions;
import io.inkstream.launcher.options.GeneratorOptions;
import io.inkstream.launcher.options.MetricsOptions;
import io.inkstream.launcher.options.ServiceOptions;
import io.inkstream.launcher.services.ServiceSettings;
import io.inkstream.launcher.services.Services;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.cluster.Cluster;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.lifecycle.Service;
import io.inkstream.platform.lifecycle.ServiceRunner;
import io.inkstream.platform.observability.ObservabilityServer;
import io.inkstream.platform.observability.ServiceMetrics;
import io.inkstream.platform.registry.RecordSerdes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs one service. */
@Command(name = "run", description = "Run one service on any Kafka 4 cluster, until it is stopped.")
public final class RunCommand implements Callable<Integer>, LoggingCommand {

    private static final Logger log = LoggerFactory.getLogger(RunCommand.class);

    @Spec
    private CommandSpec command;

    @Parameters(paramLabel = "ingest|trainer|generator", description = "The service to run.")
    private String name;

    @Mixin
    private ConnectionOptions connectionOptions;

    @Mixin
    private ServiceOptions serviceOptions;

    @Mixin
    private GeneratorOptions generatorOptions;

    @Option(
            names = "--instance",
            paramLabel = "NAME",
            description =
                    "A name for this process, unique among the instances of its service (static membership). An instance that restarts "
                            + "within the session timeout (10 s) resumes at once, without a rebalance; without a name, or after that "
                            + "time, the other instances take over. Set it where a process restarts by itself under the same name.")
    private @Nullable String instance;

    @Option(
            names = "--wait-for-kafka",
            paramLabel = "SECONDS",
            defaultValue = "120",
            description =
                    "How long to wait for a Kafka broker at the start; later there is no limit. Default: ${DEFAULT-VALUE}.")
    private int waitForKafka;

    @Mixin
    private MetricsOptions metrics;

    @Override
    public LogAudience audience() {
        return LogAudience.OPERATOR;
    }

    @Override
    public Integer call() throws InterruptedException {
        new OptionChecks(command)
                .require(
                        Services.NAMES.contains(name),
                        "There is no service '%s': run ingest, trainer or generator",
                        name)
                .atLeast("--wait-for-kafka", 0, waitForKafka);
        ServiceSettings settings = generatorOptions.of(serviceOptions.settings());
        Connection anonymous = connectionOptions.connection();
        Connection connection = instance == null ? anonymous : anonymous.withInstance(instance);
        try (ServiceMetrics meters = new ServiceMetrics(name)) {
            Service service =
                    Services.create(name, connection, connectionOptions.topics(), settings, meters.registry());
            List<Service> services = List.of(service);
            // Health is served while it waits: it is live, and not ready.
            try (ObservabilityServer observability =
                    ObservabilityServer.start(metrics.address(), metrics.port(), meters, services)) {
                Cluster.awaitReachable(connection, Duration.ofSeconds(waitForKafka));
                RecordSerdes.requireRegistryAccess(connection);
                run(service, observability.port());
            }
        }
        return 0;
    }

    private static void run(Service service, int metricsPort) throws InterruptedException {
        try (ServiceRunner runner = new ServiceRunner(List.of(service))) {
            runner.start();
            log.atInfo()
                    .addKeyValue("service", service.name())
                    .addKeyValue("metricsPort", metricsPort)
                    .log("Service started");
            Optional<InkstreamException> failure = runner.awaitEnd();
            if (failure.isPresent()) {
                throw failure.get();
            }
        }
    }
}
