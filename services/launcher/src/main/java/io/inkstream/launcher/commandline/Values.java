package io.inkstream.launcher.commandline;

import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Checks option values, and names the option when one cannot be. */
public final class Values {

    private final CommandSpec command;

    public Values(CommandSpec command) {
        this.command = command;
    }

    public Values atLeast(String option, long least, Number value) {
        require(value == null || value.longValue() >= least, "%s must be at least %d, not %s", option, least, value);
        return this;
    }

    public Values atLeastZero(String option, double value) {
        require(value >= 0 && Double.isFinite(value), "%s must be 0 or above, not %s", option, value);
        return this;
    }

    public Values above(String option, double bound, double value) {
        require(value > bound && Double.isFinite(value), "%s must be above %.0f, not %s", option, bound, value);
        return this;
    }

    public Values port(String option, int value) {
        require(value >= 0 && value <= 65535, "%s must be 1 to 65535, or 0 for any free port, not %d", option, value);
        return this;
    }

    public Values require(boolean holds, String message, Object... values) {
        if (!holds) {
            throw new ParameterException(command.commandLine(), String.format(Locale.ROOT, message, values));
        }
        return this;
    }
}
