package io.inkstream.launcher.commandline;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.launcher.Launcher;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** A failure of the virtual machine is reported in one sentence too, and ends the command. */
class FailuresTest {

    private final StringWriter err = new StringWriter();

    @Test
    void wantOfMemoryNamesTheRemedy() {
        assertThat(exitCodeOf(new OutOfMemoryError("Java heap space"))).isEqualTo(1);
        assertThat(err)
                .hasToString(
                        "inkstream: Out of memory (Java heap space): INKSTREAM_JAVA_OPTS=-Xmx8g gives Java 8 GB.\n");
    }

    @Test
    void otherErrorsAreNamedAsTheyAre() {
        assertThat(exitCodeOf(new UnsatisfiedLinkError("no torch in java.library.path")))
                .isEqualTo(1);
        assertThat(err)
                .hasToString(
                        "inkstream: java.lang.UnsatisfiedLinkError: no torch in java.library.path; this is a bug in Inkstream or a broken installation.\n");
    }

    private int exitCodeOf(Error error) {
        CommandLine commandLine = Launcher.commandLine(Map.of());
        commandLine.addSubcommand("fail", new Failing(error));
        return commandLine.setErr(new PrintWriter(err, true)).execute("fail");
    }

    @Command(name = "fail")
    private static final class Failing implements Callable<Integer> {

        private final Error error;

        private Failing(Error error) {
            this.error = error;
        }

        @Override
        public Integer call() {
            throw error;
        }
    }
}
