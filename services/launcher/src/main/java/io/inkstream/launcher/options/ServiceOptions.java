package io.inkstream.launcher.options;

import io.inkstream.launcher.commandline.OptionChecks;
import io.inkstream.launcher.services.ServiceSettings;
import java.time.Duration;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Options of the services. */
public final class ServiceOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Mixin
    private PartitionsOption partitions;

    @Option(
            names = "--engine",
            paramLabel = "NAME",
            defaultValue = "auto",
            description =
                    "Engine of the trainer: java, pytorch, or auto (pytorch where there is a GPU that --device allows, else java). "
                            + "Default: ${DEFAULT-VALUE}.")
    private String engine;

    @Option(
            names = "--device",
            paramLabel = "NAME",
            defaultValue = "auto",
            description = "Device of the trainer: auto, cpu or gpu. Default: ${DEFAULT-VALUE}.")
    private String device;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "0",
            description = "CPU threads of the trainer; 0: chosen by the trainer. Default: ${DEFAULT-VALUE}.")
    private int threads;

    @Option(
            names = "--checkpoint-interval",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "Time between the trainer's checkpoints. Default: ${DEFAULT-VALUE}.")
    private int checkpointInterval;

    @Option(
            names = "--keep-every",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "Keep every N-th checkpoint of a corpus for good, for audits and rollbacks; 0: only the last four are kept. "
                            + "Default: ${DEFAULT-VALUE}.")
    private int keepEvery;

    /** The settings, checked. */
    public ServiceSettings settings() {
        new OptionChecks(command)
                .require(
                        engine.matches("auto|java|pytorch"), "--engine must be auto, java or pytorch, not '%s'", engine)
                .require(device.matches("auto|cpu|gpu"), "--device must be auto, cpu or gpu, not '%s'", device)
                .require(
                        !engine.equals("java") || !device.equals("gpu"),
                        "--engine java computes on the CPU: use --engine pytorch (or auto) for a GPU, or --device cpu")
                .atLeast("--threads", 0, threads)
                .atLeast("--checkpoint-interval", 1, checkpointInterval)
                .atLeast("--keep-every", 0, keepEvery);
        return new ServiceSettings(
                partitions.partitions(), engine, device, threads, Duration.ofSeconds(checkpointInterval), keepEvery);
    }
}
