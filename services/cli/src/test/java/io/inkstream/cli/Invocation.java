package io.inkstream.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;

/** What came of a command line. */
public record Invocation(int exitCode, String out, String err) {

    /** Runs a command in this process. */
    public static Invocation of(String... arguments) {
        return of(Map.of(), arguments);
    }

    /** The same, over the variables of an environment. */
    public static Invocation of(Map<String, String> environment, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = Inkstream.commandLine(environment)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
        return new Invocation(exitCode, out.toString(), err.toString());
    }
}
