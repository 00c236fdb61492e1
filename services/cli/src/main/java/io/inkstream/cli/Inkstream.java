package io.inkstream.cli;

import io.inkstream.cli.commands.CheckpointsCommand;
import io.inkstream.cli.commands.CompleteCommand;
import io.inkstream.cli.commands.CorporaCommand;
import io.inkstream.cli.commands.DeadLettersCommand;
import io.inkstream.cli.commands.DemoCommand;
import io.inkstream.cli.commands.ExportCommand;
import io.inkstream.cli.commands.ImportCommand;
import io.inkstream.cli.commands.PlotCommand;
import io.inkstream.cli.commands.ProduceCommand;
import io.inkstream.cli.commands.ProvenanceCommand;
import io.inkstream.cli.commands.ReferenceCommand;
import io.inkstream.cli.commands.ReproduceCommand;
import io.inkstream.cli.commands.RollbackCommand;
import io.inkstream.cli.commands.TrainCommand;
import io.inkstream.cli.commands.UpCommand;
import io.inkstream.cli.commands.VerifyCommand;
import io.inkstream.cli.commands.WatchCommand;
import io.inkstream.cli.output.SchemaChoices;
import io.inkstream.launcher.RunCommand;
import io.inkstream.launcher.commandline.RootCommand;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line. */
@Command(
        name = "inkstream",
        header = "Trains recurrent language models from streams of text in Kafka, and completes prefixes with them.",
        description = {
            "",
            "Start with 'inkstream demo': it runs the whole pipeline in one process, on a short story that comes with it.",
            ""
        },
        footer = {
            "",
            "'inkstream COMMAND --help' describes a command. Every option can also be set as an environment variable: "
                    + "--topic-prefix as INKSTREAM_TOPIC_PREFIX; the command line takes precedence. Each variable KAFKA_* sets "
                    + "a property of every Kafka client: KAFKA_SECURITY_PROTOCOL sets security.protocol.",
            "Exit codes: 0 success, 1 failure, 2 invalid command line, 130 interrupted by Ctrl-C."
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
public final class Inkstream extends RootCommand {

    private Inkstream(Map<String, String> environment) {
        super(environment);
    }

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        System.setProperty(
                "java.awt.headless",
                "true"); // plots are drawn into files; DISPLAY may name a display that does not exist
        System.exit(runAsProcess(commandLine(System.getenv()), arguments));
    }

    /** The command line over the variables of an environment. */
    public static CommandLine commandLine(Map<String, String> environment) {
        return new Inkstream(environment).commandLine(SchemaChoices::register);
    }
}
