package io.inkstream.cli.output;

import io.inkstream.schemas.CellKind;
import io.inkstream.schemas.InitializationKind;
import io.inkstream.schemas.NormalizerKind;
import io.inkstream.schemas.OptimizerKind;
import io.inkstream.schemas.OutputKind;
import io.inkstream.schemas.SamplingKind;
import io.inkstream.schemas.TokenizerKind;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/** The words for the choices that the schemas offer: {@code TIME_MACHINE} is {@code time-machine} on the command line. */
public final class SchemaChoices {

    private SchemaChoices() {}

    /** Teaches a command line to read them. */
    public static void register(CommandLine commandLine) {
        register(commandLine, CellKind.class);
        register(commandLine, InitializationKind.class);
        register(commandLine, NormalizerKind.class);
        register(commandLine, OptimizerKind.class);
        register(commandLine, OutputKind.class);
        register(commandLine, SamplingKind.class);
        register(commandLine, TokenizerKind.class);
    }

    /** The word for a choice. */
    public static String word(Enum<?> choice) {
        return choice == CellKind.RNN_TANH
                ? "rnn"
                : choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static <E extends Enum<E>> void register(CommandLine commandLine, Class<E> type) {
        commandLine.registerConverter(type, word -> Arrays.stream(type.getEnumConstants())
                .filter(choice ->
                        word(choice).equalsIgnoreCase(word) || choice.name().equalsIgnoreCase(word))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("expected one of %s but was '%s'"
                        .formatted(
                                Arrays.stream(type.getEnumConstants())
                                        .map(SchemaChoices::word)
                                        .collect(Collectors.joining(", ")),
                                word))));
    }
}
