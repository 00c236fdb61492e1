package io.inkstream.launcher.options;

import io.inkstream.launcher.commandline.Values;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Where metrics and health are served. */
public final class MetricsOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--metrics-address",
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            description =
                    "Address that /metrics, /health/live and /health/ready are served on. Default: ${DEFAULT-VALUE}.")
    private String address;

    @Option(
            names = "--metrics-port",
            paramLabel = "PORT",
            defaultValue = "8090",
            description = "Its port; 0: any free port. Default: ${DEFAULT-VALUE}.")
    private int port;

    public String address() {
        return address;
    }

    public int port() {
        new Values(command).port("--metrics-port", port);
        return port;
    }
}
