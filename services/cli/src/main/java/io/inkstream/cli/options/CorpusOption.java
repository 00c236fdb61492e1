package io.inkstream.cli.options;

import io.inkstream.launcher.commandline.OptionChecks;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Which corpus a command is about. */
public final class CorpusOption {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--corpus", paramLabel = "NAME", required = true, description = "The corpus.")
    private String corpus;

    public String corpus() {
        new OptionChecks(command).require(!corpus.isBlank(), "--corpus must not be empty");
        return corpus;
    }
}
