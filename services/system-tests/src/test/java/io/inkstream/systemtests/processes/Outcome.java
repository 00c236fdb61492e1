package io.inkstream.systemtests.processes;

import io.inkstream.cli.Inkstream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;

/**
 * What came of a command that ran in this process.
 *
 * @param exitCode 0: it went well
 * @param out standard output
 * @param err standard error
 */
public record Outcome(int exitCode, String out, String err) {

    /** Runs a command with these environment variables, and no others. */
    public static Outcome of(Map<String, String> environment, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = Inkstream.commandLine(environment)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
        return new Outcome(exitCode, out.toString(), err.toString());
    }
}
