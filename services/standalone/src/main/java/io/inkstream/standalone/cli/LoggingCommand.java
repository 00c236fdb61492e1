package io.inkstream.standalone.cli;

/** A command that runs services until it is stopped: its log is for whoever runs them. */
interface LoggingCommand {

    /** Who reads its log. */
    LogAudience audience();
}
