package io.inkstream.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.cli.Invocation;
import io.inkstream.schemas.TrainingSpec;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "demo",
                "reproduce",
                "up",
                "produce",
                "train",
                "watch",
                "complete",
                "corpora",
                "checkpoints",
                "export",
                "plot",
                "run"
            })
    void everyCommandHasHelp(String command) {
        // When
        Invocation invocation = Invocation.of(command, "--help");

        // Then
        assertThat(invocation.exitCode()).isZero();
        assertThat(invocation.out()).startsWith("Usage: inkstream " + command).contains("--verbose");
        assertThat(invocation.err()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    frobnicate                              | There is no command 'frobnicate'; see 'inkstream --help'.
                    pruduce                                 | There is no command 'pruduce' (did you mean 'produce'?); see 'inkstream --help'.
                    train                                   | Missing required option: '--corpus=NAME'; see 'inkstream train --help'.
                    train --corpus w --frob                 | Unknown option: '--frob'; see 'inkstream train --help'.
                    train --corpus w --hidden 0             | --hidden must be at least 1, not 0; see 'inkstream train --help'.
                    train --corpus w --hidden many          | Invalid value for option '--hidden': 'many' is not an int; see 'inkstream train --help'.
                    train --corpus w --learning-rate 0      | --learning-rate must be above 0, not 0.0; see 'inkstream train --help'.
                    train --corpus w --clip -1              | --clip must be 0 or above, not -1.0; see 'inkstream train --help'.
                    train --corpus w --epochs 0             | --epochs must be at least 1, not 0; see 'inkstream train --help'.
                    train --corpus w --cell tree            | Invalid value for option '--cell': expected one of rnn, rnn-relu, gru, lstm but was 'tree'; see 'inkstream train --help'.
                    demo --window 0                         | --window must be at least 1, not 0; see 'inkstream demo --help'.
                    demo --device tpu                       | --device must be auto, cpu or gpu, not 'tpu'; see 'inkstream demo --help'.
                    complete --corpus w x --top-p 2         | --top-p must be above 0 and at most 1, not 2.0; see 'inkstream complete --help'.
                    complete --corpus w x --temperature -1  | --temperature must be 0 or above, not -1.0; see 'inkstream complete --help'.
                    complete --corpus w x --power 0         | --power must be above 0, not 0.0; see 'inkstream complete --help'.
                    complete --corpus w x --power 2 --temperature 1 | --power 2.0 is --temperature 0.5: use one of them; see 'inkstream complete --help'.
                    train --corpus w --validation 0.9       | --validation must be between 0 and 0.5, not 0.9; see 'inkstream train --help'.
                    train --corpus w --no-detach 0          | --no-detach must be at least 1, not 0; see 'inkstream train --help'.
                    train --corpus w --no-detach 2 --sampling random | Gradients can flow through several windows with sequential sampling only: each window of the others starts from a zero state; see 'inkstream train --help'.
                    train --corpus w --sampling pairs --validation 0.1 | Pairs of input and target are not running text that could be held out: leave validation at 0; see 'inkstream train --help'.
                    train --corpus w --output hidden --min-frequency 2 | A network whose hidden state is the logits cannot predict <unk>, as which rare and held-out tokens may be read: leave min-frequency at 1 and validation at 0; see 'inkstream train --help'.
                    reproduce                               | Name a preset or 'all', or use --list; see 'inkstream reproduce --help'.
                    reproduce time-machine                  | There is no preset 'time-machine': 'inkstream reproduce --list' lists them; see 'inkstream reproduce --help'.
                    reproduce hello-rnn --seeds 0           | --seeds must be at least 1, not 0; see 'inkstream reproduce --help'.
                    reproduce hello-rnn --book b.txt        | Preset hello-rnn has its own text: omit --book; see 'inkstream reproduce --help'.
                    reproduce all --book b.txt              | --book is for a single preset; for all, name their folder with --books; see 'inkstream reproduce --help'.
                    up --port 70000                         | --port must be 1 to 65535, or 0 for any free port, not 70000; see 'inkstream up --help'.
                    run printer                             | There is no service 'printer': run ingest, trainer or generator; see 'inkstream run --help'.
                    """)
    void aMistakeIsReportedInOneSentence(String arguments, String sentence) {
        // When
        Invocation invocation = Invocation.of(arguments.strip().split(" +"));

        // Then
        assertThat(invocation.err()).isEqualTo("inkstream: " + sentence + System.lineSeparator());
        assertThat(invocation.exitCode()).isEqualTo(2);
        assertThat(invocation.out()).isEmpty();
    }

    /** Whoever adds a field to the schema is reminded of the option. */
    @Test
    void everyTrainingSettingHasAnOption() {
        // Given
        Map<String, String> named = Map.of("initialization", "--init", "gradientWindows", "--no-detach");
        String help = Invocation.of("train", "--help").out();

        // Then
        assertThat(TrainingSpec.getClassSchema().getFields()).allSatisfy(field -> {
            String hyphenated = "--" + field.name().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
            assertThat(help).contains(named.getOrDefault(field.name(), hyphenated) + "=");
        });
    }

    @Test
    void aFailureIsReportedInOneSentence() {
        // When
        Invocation invocation = Invocation.of("demo", "no-such-file.txt");

        // Then
        assertThat(invocation.exitCode()).isEqualTo(1);
        assertThat(invocation.err())
                .isEqualTo("inkstream: There is no file no-such-file.txt: check the path." + System.lineSeparator());
    }

    @Test
    void verboseShowsTheTrace() {
        // When
        Invocation invocation = Invocation.of("demo", "no-such-file.txt", "--verbose");

        // Then
        assertThat(invocation.err())
                .startsWith("inkstream: There is no file no-such-file.txt: check the path.")
                .contains("\tat io.inkstream.");
    }

    @Test
    void withoutACommandItShowsTheCommands() {
        // When
        Invocation invocation = Invocation.of();

        // Then
        assertThat(invocation.exitCode()).isEqualTo(2);
        assertThat(invocation.err()).contains("demo").endsWith("inkstream: Name a command; see 'inkstream --help'.\n");
    }

    @Test
    void anUnreachableBrokerIsReportedInOneSentence() {
        // Given: nothing listens on port 1
        List<String> arguments = List.of("corpora", "--bootstrap-servers", "127.0.0.1:1");

        // When
        Invocation invocation = Invocation.of(arguments.toArray(String[]::new));

        // Then
        assertThat(invocation.exitCode()).isEqualTo(1);
        assertThat(invocation.err())
                .isEqualTo("inkstream: No Kafka broker answers at 127.0.0.1:1: start one with 'inkstream up', or name "
                        + "yours with --bootstrap-servers.\n");
    }

    @Test
    void aReservedKafkaVariableIsRejected() {
        // When
        Invocation invocation = Invocation.of(Map.of("KAFKA_GROUP_ID", "mine"), "corpora");

        // Then
        assertThat(invocation.exitCode()).isEqualTo(1);
        assertThat(invocation.err()).startsWith("inkstream: KAFKA_GROUP_ID must not be set");
    }
}
