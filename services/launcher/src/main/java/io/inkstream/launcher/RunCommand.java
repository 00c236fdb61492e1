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
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.lifecycle.Service;
import io.inkstream.platform.lifecycle.ServiceRunner;
import io.inkstream.platform.observability.ObservabilityServer;
import io.inkstream.platform.observability.ServiceMetrics;
import io.inkstream.platform.registry.RecordSerdes;
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
                        name);
        ServiceSettings settings = generatorOptions.of(serviceOptions.settings());
        Connection reachable = connectionOptions.reachableConnection();
        RecordSerdes.requireRegistryAccess(reachable);
        Connection connection = instance == null ? reachable : reachable.withInstance(instance);
        try (ServiceMetrics meters = new ServiceMetrics(name)) {
            Service service =
                    Services.create(name, connection, connectionOptions.topics(), settings, meters.registry());
            run(service, meters);
        }
        return 0;
    }

    private void run(Service service, ServiceMetrics meters) throws InterruptedException {
        List<Service> services = List.of(service);
        try (ObservabilityServer observability =
                        ObservabilityServer.start(metrics.address(), metrics.port(), meters, services);
                ServiceRunner runner = new ServiceRunner(services)) {
            runner.start();
            log.atInfo()
                    .addKeyValue("service", service.name())
                    .addKeyValue("metricsPort", observability.port())
                    .log("Service started");
            Optional<InkstreamException> failure = runner.awaitEnd();
            if (failure.isPresent()) {
                throw failure.get();
            }
        }
    }
}
