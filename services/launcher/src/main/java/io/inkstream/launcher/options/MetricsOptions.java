package io.inkstream.launcher.options;

import io.inkstream.launcher.commandline.OptionChecks;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The address of metrics and health. */
public final class MetricsOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--metrics-address",
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            description = "Address to serve /metrics, /health/live and /health/ready on. Default: ${DEFAULT-VALUE}.")
    private String address;

    @Option(
            names = "--metrics-port",
            paramLabel = "PORT",
            defaultValue = "8090",
            description = "Port for metrics and health; 0: any free port. Default: ${DEFAULT-VALUE}.")
    private int port;

    public String address() {
        return address;
    }

    public int port() {
        new OptionChecks(command).port("--metrics-port", port);
        return port;
    }
}
