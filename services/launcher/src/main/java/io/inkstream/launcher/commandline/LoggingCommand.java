package io.inkstream.launcher.commandline;

/** A command that runs services until it is stopped: its log is for whoever runs them. */
public interface LoggingCommand {

    /** Who reads its log. */
    LogAudience audience();
}
