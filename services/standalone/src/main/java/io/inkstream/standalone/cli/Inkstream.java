package io.inkstream.standalone.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command line. */
@Command(
        name = "inkstream",
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        header = "Inkstream learns to write from a stream of books, through Kafka.",
        description = {
            "",
            "Begin with 'inkstream demo': it starts an embedded Kafka, reads a story, trains a recurrent network and "
                    + "completes prefixes.",
            ""
        },
        footer = {
            "",
            "'inkstream COMMAND --help' tells more of a command. Every option can also be given as a variable: "
                    + "--topic-prefix is INKSTREAM_TOPIC_PREFIX; an option on the command line wins. Each variable KAFKA_* becomes "
                    + "a property of every Kafka client: KAFKA_SECURITY_PROTOCOL is security.protocol.",
            "Exit codes: 0 done, 1 failed, 2 not a valid command line, 130 ended by Ctrl-C."
        },
        subcommands = {
            DemoCommand.class,
            ReproduceCommand.class,
            UpCommand.class,
            ProduceCommand.class,
            TrainCommand.class,
            WatchCommand.class,
            CompleteCommand.class,
            CorporaCommand.class,
            CheckpointsCommand.class,
            DeadLettersCommand.class,
            ProvenanceCommand.class,
            VerifyCommand.class,
            RollbackCommand.class,
            ExportCommand.class,
            ImportCommand.class,
            PlotCommand.class,
            RunCommand.class,
            ReferenceCommand.class
        })
public final class Inkstream implements Runnable {

    private final Map<String, String> environment;

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help and end.")
    @SuppressWarnings("UnusedVariable") // picocli reads the option, not the field
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version and end.")
    @SuppressWarnings("UnusedVariable") // likewise
    private boolean version;

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            fallbackValue = "true",
            description = "Show log lines, and the whole trace of a failure.")
    private boolean verbose;

    private Inkstream(Map<String, String> environment) {
        this.environment = environment;
    }

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] args) {
        System.setProperty(
                "java.awt.headless", "true"); // pictures are drawn into files; a display may be named that is not there
        Interruption interruption = Interruption.ofThisThread();
        int exitCode = commandLine(System.getenv())
                .setOut(utf8(FileDescriptor.out))
                .setErr(utf8(FileDescriptor.err))
                .execute(args);
        interruption.commandEnded();
        System.exit(exitCode);
    }

    /** The command line over the variables of an environment. */
    static CommandLine commandLine(Map<String, String> environment) {
        CommandLine commandLine = new CommandLine(new Inkstream(environment))
                .setDefaultValueProvider(new EnvironmentDefaults(environment))
                .setParameterExceptionHandler(Failures::ofUsage)
                .setExecutionExceptionHandler(Failures::ofExecution)
                .setExecutionStrategy(Inkstream::execute)
                .setUsageHelpAutoWidth(true)
                .setAbbreviatedOptionsAllowed(false);
        SchemaChoices.register(commandLine);
        commandLine.getSubcommands().values().forEach(subcommand -> subcommand
                .getCommandSpec()
                .usageMessage()
                .sortOptions(false)
                .abbreviateSynopsis(true));
        return commandLine;
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getErr());
        throw new CommandLine.ParameterException(spec.commandLine(), "Name a command");
    }

    /** The variables that options default to. */
    Map<String, String> environment() {
        return environment;
    }

    /** Whether the whole trace of a failure is to be shown. */
    boolean verbose() {
        return verbose;
    }

    /** The top of the hierarchy that a command belongs to. */
    static Inkstream of(CommandSpec command) {
        return (Inkstream) command.root().userObject();
    }

    private static int execute(CommandLine.ParseResult parsed) {
        CommandLine.ParseResult innermost = parsed;
        while (innermost.hasSubcommand()) {
            innermost = innermost.subcommand();
        }
        Object command = innermost.commandSpec().userObject();
        Inkstream inkstream = of(innermost.commandSpec());
        LogAudience audience = command instanceof LoggingCommand logging ? logging.audience() : LogAudience.USER;
        Logging.set(inkstream.verbose ? LogAudience.DEBUGGER : audience);
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
