package io.inkstream.launcher.commandline;

/** Who reads the log of a command. */
public enum LogAudience {
    /** Someone who runs a command: what concerns them is said by the command itself. */
    USER,
    /** Someone who has the whole pipeline run on their machine: what goes wrong. */
    HOST,
    /** Someone who runs a service: the log as it is configured. */
    OPERATOR,
    /** Someone who asked for everything. */
    DEBUGGER
}
