package io.inkstream.launcher.commandline;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * What every command line of Inkstream has in common: {@code --help}, {@code --version} and {@code --verbose}, options that
 * default to variables of the environment, errors in one sentence, exit codes, and an orderly end on Ctrl-C.
 */
@Command(versionProvider = Version.class, synopsisSubcommandLabel = "COMMAND")
public abstract class RootCommand implements Runnable {

    private final Map<String, String> environment;

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help and exit.")
    @SuppressWarnings("UnusedVariable") // picocli reads the option, not the field
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version and exit.")
    @SuppressWarnings("UnusedVariable") // likewise
    private boolean version;

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            fallbackValue = "true",
            description = "Show log lines, and the full stack trace of a failure.")
    private boolean verbose;

    /** A root over the variables of an environment. */
    protected RootCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    /** The root of the hierarchy that a command belongs to. */
    public static RootCommand of(CommandSpec command) {
        // A mixin of a mixin has a spec of its own, whose root is itself, and the command line of its command.
        return (RootCommand) command.commandLine().getCommandSpec().root().userObject();
    }

    /** The variables that options default to. */
    public Map<String, String> environment() {
        return environment;
    }

    /** Whether to print the whole trace of a failure. */
    public boolean verbose() {
        return verbose;
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getErr());
        throw new CommandLine.ParameterException(spec.commandLine(), "Name a command");
    }

    /**
     * The command line of this root.
     *
     * @param further what this command line needs in addition, for instance type converters
     */
    protected CommandLine commandLine(Consumer<CommandLine> further) {
        CommandLine commandLine = new CommandLine(this)
                .setDefaultValueProvider(new EnvironmentDefaults(environment))
                .setParameterExceptionHandler(Failures::ofUsage)
                .setExecutionExceptionHandler(Failures::ofExecution)
                .setExecutionStrategy(RootCommand::execute)
                .setUsageHelpAutoWidth(true)
                .setAbbreviatedOptionsAllowed(false);
        further.accept(commandLine);
        commandLine.getSubcommands().values().forEach(subcommand -> subcommand
                .getCommandSpec()
                .usageMessage()
                .sortOptions(false)
                .abbreviateSynopsis(true));
        return commandLine;
    }

    /** Runs a command line as the process: returns its exit code, once everything that the command held is released. */
    protected static int runAsProcess(CommandLine commandLine, String[] arguments) {
        Interruption interruption = Interruption.ofThisThread();
        int exitCode = commandLine
                .setOut(utf8(FileDescriptor.out))
                .setErr(utf8(FileDescriptor.err))
                .execute(arguments);
        interruption.commandEnded();
        return exitCode;
    }

    private static int execute(CommandLine.ParseResult parsed) {
        CommandLine.ParseResult innermost = parsed;
        while (innermost.hasSubcommand()) {
            innermost = innermost.subcommand();
        }
        Object command = innermost.commandSpec().userObject();
        RootCommand root = of(innermost.commandSpec());
        LogAudience audience = command instanceof LoggingCommand logging ? logging.audience() : LogAudience.USER;
        Logging.set(root.verbose ? LogAudience.DEBUGGER : audience);
        try {
            return new CommandLine.RunLast().execute(parsed);
        } catch (Error e) {
            return Failures.ofMachine(e, innermost.commandSpec().commandLine());
        }
    }

    /** Completions are in any script, whatever the locale says. */
    private static PrintWriter utf8(FileDescriptor descriptor) {
        return new PrintWriter(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }
}
