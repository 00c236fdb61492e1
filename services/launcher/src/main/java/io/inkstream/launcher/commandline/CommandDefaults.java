package io.inkstream.launcher.commandline;

import java.util.Map;

/** A command whose options have other defaults than the same options of other commands. */
public interface CommandDefaults {

    /** The defaults, by the longest name of the option, for instance {@code --cell}. */
    Map<String, String> defaults();
}
