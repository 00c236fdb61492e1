package io.inkstream.launcher.commandline;

import io.inkstream.platform.InkstreamException;
import java.io.PrintWriter;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Reports in one sentence what went wrong. */
final class Failures {

    /** Exit code of a command that Ctrl-C ended, as shells have it. */
    static final int INTERRUPTED = 130;

    private static final String PREFIX = "inkstream: ";

    private Failures() {}

    /** An invalid command line. */
    static int ofUsage(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        command.getErr()
                .println(PREFIX
                        + withoutPeriod(mistake(e))
                        + "; see '%s --help'."
                                .formatted(command.getCommandSpec().qualifiedName()));
        if (verbose(command)) {
            e.printStackTrace(command.getErr());
        }
        return CommandLine.ExitCode.USAGE;
    }

    /** A command that failed. */
    static int ofExecution(Exception e, CommandLine command, ParseResult parsed) {
        PrintWriter err = command.getErr();
        // While the process shuts down, many operations fail: that does not concern the user.
        if (isInterruption(e) || Interruption.isAsked()) {
            return INTERRUPTED;
        }
        err.println(PREFIX + sentence(explained(e, command), verbose(command)));
        if (verbose(command)) {
            e.printStackTrace(err);
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    /** A command that failed for lack of memory, or of a library. */
    static int ofMachine(Error e, CommandLine command) {
        PrintWriter err = command.getErr();
        err.println(PREFIX
                + (e instanceof OutOfMemoryError
                        ? "Out of memory (%s): INKSTREAM_JAVA_OPTS=-Xmx8g gives Java 8 GB."
                                .formatted(firstLine(e.getMessage()))
                        : withoutPeriod(firstLine(e.toString()))
                                + "; this is a bug in Inkstream or a broken installation."));
        if (verbose(command)) {
            e.printStackTrace(err);
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    /** True if the exception or one of its causes is an interruption, as after Ctrl-C. */
    static boolean isInterruption(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof InterruptedException
                    || cause instanceof InterruptException
                    || cause instanceof java.nio.channels.ClosedByInterruptException) {
                return true;
            }
        }
        return false;
    }

    private static Exception explained(Exception e, CommandLine command) {
        return command.getCommandSpec().mixins().values().stream()
                .map(CommandSpec::userObject)
                .filter(FailureExplanation.class::isInstance)
                .map(FailureExplanation.class::cast)
                .flatMap(explanation -> explanation.explain(e).stream())
                .map(Exception.class::cast)
                .findFirst()
                .orElse(e);
    }

    private static String mistake(ParameterException e) {
        boolean isTop = e.getCommandLine().getParent() == null;
        if (isTop && e instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()) {
            String word = unmatched.getUnmatched().get(0);
            return "There is no command '%s'%s"
                    .formatted(
                            word,
                            unmatched.getSuggestions().stream()
                                    .filter(command -> beginsAlike(command, word))
                                    .findFirst()
                                    .map(" (did you mean '%s'?)"::formatted)
                                    .orElse(""));
        }
        return firstLine(e.getMessage());
    }

    private static boolean beginsAlike(String command, String word) {
        return word.length() >= 2 && command.startsWith(word.substring(0, 2));
    }

    private static String sentence(Exception e, boolean verbose) {
        if (e instanceof InkstreamException) {
            return firstLine(e.getMessage());
        }
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : firstLine(e.getMessage());
        return withoutPeriod(message) + (verbose ? "." : "; --verbose shows the full stack trace.");
    }

    private static boolean verbose(CommandLine command) {
        return RootCommand.of(command.getCommandSpec()).verbose();
    }

    private static String firstLine(@Nullable String message) {
        return message == null ? "" : message.lines().findFirst().orElse("").strip();
    }

    private static String withoutPeriod(String message) {
        return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
    }
}
