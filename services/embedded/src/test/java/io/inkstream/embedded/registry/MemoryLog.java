package io.inkstream.embedded.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A schema log that outlives the registries that use it, but not the process. */
final class MemoryLog implements SchemaLog {

    private final List<LogEntry> entries = new ArrayList<>();
    private Consumer<LogEntry> reader;
    private boolean broken;

    @Override
    public void open(Consumer<LogEntry> reader) {
        entries.forEach(reader);
        this.reader = reader;
    }

    @Override
    public void append(LogEntry entry) {
        if (broken) {
            throw new SchemaLogException("The log is broken.", null);
        }
        entries.add(entry);
        reader.accept(entry);
    }

    void breakDown() {
        broken = true;
    }

    @Override
    public void close() {}
}
