package io.inkstream.standalone.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints the page {@code docs/configuration.md}. */
@Command(name = "reference", hidden = true, description = "Print the configuration reference as Markdown.")
final class ReferenceCommand implements Callable<Integer> {

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        // The defaults are the program's, not those of this machine's variables.
        CommandSpec defaults = Inkstream.commandLine(Map.of()).getCommandSpec();
        Screen.of(command).out().print(Reference.page(defaults));
        Screen.of(command).out().flush();
        return 0;
    }
}
