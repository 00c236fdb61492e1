package io.inkstream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.schemas.CellKind;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class EnvironmentDefaultsTest {

    @Test
    void theFlagWinsOverTheVariableAndTheVariableOverTheDefault() {
        assertThat(value(Map.of(), "--hidden")).isEqualTo(256);
        assertThat(value(Map.of("INKSTREAM_HIDDEN", "64"), "--hidden")).isEqualTo(64);
        assertThat(value(Map.of("INKSTREAM_HIDDEN", "64"), "--hidden", "--hidden", "32"))
                .isEqualTo(32);
    }

    @Test
    void aRequiredOptionMayComeFromItsVariable() {
        // When
        CommandLine commandLine = Inkstream.commandLine(Map.of("INKSTREAM_CORPUS", "wells"));
        CommandLine.ParseResult parsed = commandLine.parseArgs("checkpoints");

        // Then
        OptionSpec corpus = parsed.subcommand().commandSpec().findOption("--corpus");
        assertThat(corpus.<String>getValue()).isEqualTo("wells");
    }

    @Test
    void aFlagStaysOnWhenBothTheVariableAndTheOptionAskForIt() {
        assertThat(value(Map.of(), "--json")).isEqualTo(false);
        assertThat(value(Map.of("INKSTREAM_JSON", "true"), "--json")).isEqualTo(true);
        assertThat(value(Map.of("INKSTREAM_JSON", "true"), "--json", "--json")).isEqualTo(true);
        assertThat(value(Map.of(), "--json", "--json")).isEqualTo(true);
    }

    @Test
    void anEmptyVariableIsNone() {
        assertThat(value(Map.of("INKSTREAM_HIDDEN", ""), "--hidden")).isEqualTo(256);
    }

    @Test
    void aCommandMayHaveDefaultsOfItsOwnWhichAVariableOverrides() {
        assertThat(cell(Map.of(), "train", "--corpus", "wells")).isEqualTo(CellKind.RNN_TANH);
        assertThat(cell(Map.of(), "demo")).isEqualTo(CellKind.GRU);
        assertThat(cell(Map.of("INKSTREAM_CELL", "lstm"), "demo")).isEqualTo(CellKind.LSTM);
        assertThat(cell(Map.of("INKSTREAM_CELL", "lstm"), "demo", "--cell", "rnn"))
                .isEqualTo(CellKind.RNN_TANH);
    }

    @Test
    void helpNamesTheDefaultsOfTheCommand() {
        assertThat(Invocation.of("demo", "--help").out())
                .contains("Default: gru.")
                .contains("Default: adam.");
        assertThat(Invocation.of("train", "--help").out())
                .contains("Default: rnn.")
                .contains("Default: sgd.");
    }

    private static CellKind cell(Map<String, String> environment, String... arguments) {
        CommandLine.ParseResult parsed = Inkstream.commandLine(environment).parseArgs(arguments);
        return parsed.subcommand().commandSpec().findOption("--cell").getValue();
    }

    private static Object value(Map<String, String> environment, String option, String... given) {
        String[] arguments = new String[given.length + 3];
        arguments[0] = "train";
        arguments[1] = "--corpus";
        arguments[2] = "wells";
        System.arraycopy(given, 0, arguments, 3, given.length);
        CommandLine.ParseResult parsed = Inkstream.commandLine(environment).parseArgs(arguments);
        return parsed.subcommand().commandSpec().findOption(option).getValue();
    }
}
