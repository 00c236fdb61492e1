package io.inkstream.launcher.commandline;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Checks option values; a message names the invalid option. */
public final class OptionChecks {

    private final CommandSpec command;

    public OptionChecks(CommandSpec command) {
        this.command = command;
    }

    public OptionChecks atLeast(String option, long least, @Nullable Number value) {
        require(value == null || value.longValue() >= least, "%s must be at least %d, not %s", option, least, value);
        return this;
    }

    public OptionChecks atLeastZero(String option, double value) {
        require(value >= 0 && Double.isFinite(value), "%s must be 0 or above, not %s", option, value);
        return this;
    }

    public OptionChecks above(String option, double bound, double value) {
        require(value > bound && Double.isFinite(value), "%s must be above %.0f, not %s", option, bound, value);
        return this;
    }

    public OptionChecks port(String option, int value) {
        require(value >= 0 && value <= 65535, "%s must be 1 to 65535, or 0 for any free port, not %d", option, value);
        return this;
    }

    public OptionChecks require(boolean holds, String message, @Nullable Object... values) {
        if (!holds) {
            throw new ParameterException(command.commandLine(), String.format(Locale.ROOT, message, values));
        }
        return this;
    }
}
