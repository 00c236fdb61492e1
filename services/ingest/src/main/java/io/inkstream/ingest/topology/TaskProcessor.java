package io.inkstream.ingest.topology;

import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * A processor whose state is created anew each time that its task is initialized.
 *
 * <p>It has to be: what a processor keeps in memory may be ahead of the stores when a transaction was aborted. Kafka
 * Streams then restores the stores to what was committed, and either creates new processors (when the thread died or the
 * task moved) or initializes the same ones again (when it revives a task after a commit that timed out).
 *
 * @param <V> record values
 */
final class TaskProcessor<V> implements Processor<byte[], V, byte[], Object> {

    private final Function<ProcessorContext<byte[], Object>, Task<V>> factory;
    private Optional<Task<V>> initialized = Optional.empty();

    /** What processes the records of a task. */
    interface Task<V> {

        /** Processes a record. */
        void process(Record<byte[], V> record);

        /** Called when the task is closed here, whether or not what it did is committed. */
        void close();
    }

    /**
     * A processor that is not initialized.
     *
     * @param factory creates what processes the records of a task, from what its stores contain
     */
    TaskProcessor(Function<ProcessorContext<byte[], Object>, Task<V>> factory) {
        this.factory = factory;
    }

    @Override
    public void init(ProcessorContext<byte[], Object> context) {
        initialized = Optional.of(factory.apply(context));
    }

    @Override
    public void process(Record<byte[], V> record) {
        initialized
                .orElseThrow(() -> new IllegalStateException("The task is not initialized"))
                .process(record);
    }

    @Override
    public void close() {
        initialized.ifPresent(Task::close);
        initialized = Optional.empty();
    }
}
