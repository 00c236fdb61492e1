package io.inkstream.cli.options;

import picocli.CommandLine.Option;

/** Whether the result is printed as JSON. */
public final class JsonOption {

    @Option(names = "--json", fallbackValue = "true", description = "Print the result as JSON.")
    private boolean json;

    public boolean json() {
        return json;
    }
}
