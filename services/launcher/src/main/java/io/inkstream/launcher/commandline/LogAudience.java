package io.inkstream.launcher.commandline;

/** Who reads the log of a command. */
public enum LogAudience {
    /** Someone who runs a command: the command itself prints what matters. */
    USER,
    /** Someone who runs the whole pipeline on their machine: warnings and errors. */
    HOST,
    /** Someone who runs a service: the log as configured. */
    OPERATOR,
    /** Someone who asked for all of it. */
    DEBUGGER
}
