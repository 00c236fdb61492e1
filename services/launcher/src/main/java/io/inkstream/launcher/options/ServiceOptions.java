package io.inkstream.launcher.options;

import io.inkstream.launcher.commandline.Values;
import io.inkstream.launcher.services.ServiceSettings;
import java.time.Duration;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What services are told. */
public final class ServiceOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Mixin
    private PartitionsOption partitions;

    @Option(
            names = "--device",
            paramLabel = "NAME",
            defaultValue = "auto",
            description = "What the trainer computes on: auto, cpu or gpu. Default: ${DEFAULT-VALUE}.")
    private String device;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "0",
            description = "CPU threads of the trainer; 0: as many as suit. Default: ${DEFAULT-VALUE}.")
    private int threads;

    @Option(
            names = "--checkpoint-interval",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "How often the trainer commits a checkpoint. Default: ${DEFAULT-VALUE}.")
    private int checkpointInterval;

    @Option(
            names = "--keep-every",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "Every N checkpoints of a corpus the trainer keeps one for good, to look at or to roll back to; 0: the last "
                            + "four are there. Default: ${DEFAULT-VALUE}.")
    private int keepEvery;

    /** The settings, checked. */
    public ServiceSettings settings() {
        new Values(command)
                .require(device.matches("auto|cpu|gpu"), "--device must be auto, cpu or gpu, not '%s'", device)
                .atLeast("--threads", 0, threads)
                .atLeast("--checkpoint-interval", 1, checkpointInterval)
                .atLeast("--keep-every", 0, keepEvery);
        return new ServiceSettings(
                partitions.partitions(), device, threads, Duration.ofSeconds(checkpointInterval), keepEvery);
    }
}
