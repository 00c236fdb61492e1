package io.inkstream.standalone.cli;

import picocli.CommandLine.Option;

/** Whether the result is for a program. */
final class JsonOption {

    @Option(names = "--json", fallbackValue = "true", description = "Print the result as JSON.")
    private boolean json;

    boolean json() {
        return json;
    }
}
