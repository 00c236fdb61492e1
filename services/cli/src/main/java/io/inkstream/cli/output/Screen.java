package io.inkstream.cli.output;

import io.inkstream.launcher.commandline.RootCommand;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Where a command writes.
 *
 * @param out results
 * @param err remarks and failures
 * @param interactive true if {@code out} is a terminal: lines can be redrawn in place
 * @param columns its width
 */
public record Screen(PrintWriter out, PrintWriter err, boolean interactive, int columns) {

    private static final int USUAL_COLUMNS = 80;

    /** The screen of a command. */
    public static Screen of(CommandSpec command) {
        Map<String, String> environment = RootCommand.of(command).environment();
        return new Screen(
                command.commandLine().getOut(),
                command.commandLine().getErr(),
                Boolean.getBoolean("inkstream.terminal"), // Java cannot tell, the launcher can
                columns(environment));
    }

    private static int columns(Map<String, String> environment) {
        String width = System.getProperty("inkstream.columns", environment.getOrDefault("COLUMNS", ""));
        return width.matches("[1-9][0-9]{1,3}") ? Integer.parseInt(width) : USUAL_COLUMNS;
    }
}
