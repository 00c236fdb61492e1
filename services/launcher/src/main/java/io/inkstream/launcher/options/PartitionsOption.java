package io.inkstream.launcher.options;

import io.inkstream.launcher.commandline.Values;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How many partitions topics get. */
public final class PartitionsOption {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            defaultValue = "4",
            description = "Partitions of topics that do not exist yet. Default: ${DEFAULT-VALUE}.")
    private int partitions;

    public int partitions() {
        new Values(command).atLeast("--partitions", 1, partitions);
        return partitions;
    }
}
