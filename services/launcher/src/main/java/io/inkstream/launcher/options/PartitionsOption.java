package io.inkstream.launcher.options;

import io.inkstream.launcher.commandline.OptionChecks;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The partition count of new topics. */
public final class PartitionsOption {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            defaultValue = "4",
            description = "Partitions of topics that are created. Default: ${DEFAULT-VALUE}.")
    private int partitions;

    public int partitions() {
        new OptionChecks(command).atLeast("--partitions", 1, partitions);
        return partitions;
    }
}
