package io.inkstream.ingest.topology;

import static io.inkstream.ingest.topology.IngestUnderTest.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.ingest.metrics.IngestMeters;
import io.inkstream.ingest.positions.ReadPositions;
import io.inkstream.ingest.state.CorpusStores;
import io.inkstream.schemas.TokenBlock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.File;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.StoreBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A transaction is aborted: Kafka Streams restores the stores and initializes the same processor again. */
class AbortedTransactionTest {

    @TempDir
    private File folder;

    @Test
    void forgetsWhatWasNotCommitted() {
        // Given
        TaskProcessor<byte[]> processor =
                TextProcessor.create(Wirings.of(1, new IngestMeters(new SimpleMeterRegistry())));
        blocks(processor, "lost text");
        // When
        List<TokenBlock> blocks = blocks(processor, "text");
        // Then
        assertThat(blocks).singleElement().satisfies(block -> {
            assertThat(block.getFirstPosition()).isZero();
            assertThat(block.getFirstNewId()).isOne();
            assertThat(block.getNewEntries()).containsExactly("t", "e", "x");
        });
    }

    /** The blocks that the processor writes for a text in a task with empty stores. */
    private List<TokenBlock> blocks(TaskProcessor<byte[]> processor, String text) {
        MockProcessorContext<byte[], Object> context =
                new MockProcessorContext<>(new Properties(), new TaskId(0, 0), folder);
        Set<StoreBuilder<?>> builders = new HashSet<>(CorpusStores.builders());
        builders.add(ReadPositions.builder());
        for (StoreBuilder<?> builder : builders) {
            StateStore store =
                    builder.withLoggingDisabled().withCachingDisabled().build();
            store.init(context.getStateStoreContext(), store);
            context.addStateStore(store);
        }
        context.setRecordMetadata("inkstream.text", 0, 0);
        processor.init(context);
        processor.process(new Record<>(bytes("wells"), bytes(text), 0));
        return context.forwarded(IngestTopology.TOKENS).stream()
                .map(forward -> (TokenBlock) forward.record().value())
                .toList();
    }
}
