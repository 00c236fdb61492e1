package io.inkstream.standalone.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Which corpus a command is about. */
final class CorpusOption {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--corpus", paramLabel = "NAME", required = true, description = "The corpus.")
    private String corpus;

    String corpus() {
        new Values(command).require(!corpus.isBlank(), "--corpus must not be empty");
        return corpus;
    }
}
