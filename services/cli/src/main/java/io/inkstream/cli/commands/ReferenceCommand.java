package io.inkstream.cli.commands;

import io.inkstream.cli.output.Reference;
import io.inkstream.cli.output.Screen;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints the page {@code docs/configuration.md}. */
@Command(name = "reference", hidden = true, description = "Print the configuration reference as Markdown.")
public final class ReferenceCommand implements Callable<Integer> {

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        Screen.of(command).out().print(Reference.page(command.root()));
        Screen.of(command).out().flush();
        return 0;
    }
}
