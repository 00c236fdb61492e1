package io.inkstream.launcher.commandline;

import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Lets every option default to the variable of its name, {@code --topic-prefix} to {@code INKSTREAM_TOPIC_PREFIX}, and then
 * to what its command has as {@link CommandDefaults}.
 */
public final class EnvironmentDefaults implements IDefaultValueProvider {

    private final Map<String, String> environment;

    EnvironmentDefaults(Map<String, String> environment) {
        this.environment = environment;
    }

    /** The variable of an option. */
    public static String variable(OptionSpec option) {
        String longest = Stream.of(option.names())
                .max(Comparator.comparingInt(String::length))
                .orElseThrow();
        return "INKSTREAM_" + longest.replaceFirst("^-+", "").replace('-', '_').toUpperCase(Locale.ROOT);
    }

    /** True for {@code --help} and {@code --version}. */
    public static boolean isHelp(OptionSpec option) {
        return option.usageHelp() || option.versionHelp();
    }

    /** The default of an option whatever the environment says, or null. */
    public static String withoutEnvironment(OptionSpec option) {
        return option.command().userObject() instanceof CommandDefaults command
                ? command.defaults().getOrDefault(option.longestName(), option.defaultValue())
                : option.defaultValue();
    }

    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        if (argument instanceof OptionSpec option && !isHelp(option)) {
            String value = environment.get(variable(option));
            return value == null || value.isEmpty() ? withoutEnvironment(option) : value;
        }
        return null;
    }
}
