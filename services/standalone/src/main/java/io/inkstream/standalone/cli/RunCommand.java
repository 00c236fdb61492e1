package io.inkstream.standalone.cli;

import io.inkstream.standalone.stack.Services;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs one service. */
@Command(
        name = "run",
        description = "Run one service against any Kafka 4 cluster, until it is stopped.",
        sortOptions = false)
final class RunCommand implements Callable<Integer>, LoggingCommand {

    @Spec
    private CommandSpec command;

    @Parameters(
            paramLabel = "ingest|trainer|generator",
            description = "The service.",
            completionCandidates = ServiceNames.class)
    private String service;

    @Mixin
    private ConnectionOptions connectionOptions;

    @Mixin
    private ServiceOptions serviceOptions;

    @Mixin
    private MetricsOptions metrics;

    /** For the shell's completion. */
    static final class ServiceNames implements Iterable<String> {
        @Override
        public java.util.Iterator<String> iterator() {
            return Services.NAMES.iterator();
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        List<String> names = Services.NAMES;
        new Values(command)
                .require(
                        names.contains(service), "There is no service '%s': run ingest, trainer or generator", service);
        return 0;
    }
}
