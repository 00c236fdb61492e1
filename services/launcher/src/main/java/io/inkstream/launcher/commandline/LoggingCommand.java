package io.inkstream.launcher.commandline;

/** A command that runs services until it is stopped, whose log is read by whoever runs them. */
public interface LoggingCommand {

    /** Who reads its log. */
    LogAudience audience();
}
