package io.inkstream.launcher;

import io.inkstream.launcher.commandline.RootCommand;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The entry point of the container images: runs one service, or sets up who may do what. */
@Command(
        name = "inkstream-launcher",
        header = "Runs one of Inkstream's services.",
        footer = {
            "",
            "Every option can also be set as an environment variable: --topic-prefix as INKSTREAM_TOPIC_PREFIX; the command line "
                    + "takes precedence. Each variable KAFKA_* sets a property of every Kafka client: KAFKA_SECURITY_PROTOCOL sets "
                    + "security.protocol.",
            "Exit codes: 0 stopped, 1 failure, 2 invalid command line."
        },
        subcommands = {RunCommand.class, GrantCommand.class})
public final class Launcher extends RootCommand {

    private Launcher(Map<String, String> environment) {
        super(environment);
    }

    /** Runs the service and ends the process with its exit code. */
    public static void main(String[] arguments) {
        System.exit(runAsProcess(commandLine(System.getenv()), arguments));
    }

    /** The command line over the variables of an environment. */
    public static CommandLine commandLine(Map<String, String> environment) {
        return new Launcher(environment).commandLine(commandLine -> {});
    }
}
