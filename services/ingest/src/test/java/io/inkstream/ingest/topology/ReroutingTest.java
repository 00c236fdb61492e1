package io.inkstream.ingest.topology;

import static io.inkstream.ingest.topology.IngestUnderTest.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inkstream.corpuslog.topics.CorpusPartition;
import io.inkstream.ingest.metrics.IngestMeters;
import io.inkstream.ingest.rejection.RejectedRecordException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Properties;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReroutingTest {

    private static final CorpusPartition FOUR = new CorpusPartition(4);

    @TempDir
    private java.io.File folder;

    @Test
    void aCorpusBelongsToThePartitionOfKafkasDefaultPartitioner() {
        // Given
        byte[] key = bytes("wells");
        // When
        int partition = FOUR.of(key);
        // Then
        assertThat(partition)
                .isEqualTo(org.apache.kafka.clients.producer.internals.BuiltInPartitioner.partitionForKey(key, 4));
    }

    @Test
    void forwardsARecordFromAnotherPartitionUnchanged() {
        // Given
        int home = FOUR.of(bytes("wells"));
        MockProcessorContext<byte[], Object> context = inPartition((home + 1) % 4);
        Rerouting rerouting =
                new Rerouting(context, Wirings.of(4, new IngestMeters(new SimpleMeterRegistry())), "sink");
        Record<byte[], byte[]> record =
                new Record<>(bytes("wells"), bytes("text"), 5, new RecordHeaders().add("title", bytes("t")));
        // When
        boolean sent = rerouting.forward("wells", record, record.value());
        // Then
        assertThat(sent).isTrue();
        assertThat(context.forwarded("sink")).singleElement().satisfies(forward -> {
            assertThat(forward.record().key()).isEqualTo(bytes("wells"));
            assertThat(forward.record().value()).isEqualTo(bytes("text"));
            assertThat(forward.record().timestamp()).isEqualTo(5);
            assertThat(forward.record().headers().lastHeader("title").value()).isEqualTo(bytes("t"));
        });
    }

    @Test
    void rejectsARecordThatTheTopicDoesNotAcceptUncompressed() {
        // Given
        int home = FOUR.of(bytes("wells"));
        MockProcessorContext<byte[], Object> context = inPartition((home + 1) % 4);
        Rerouting rerouting =
                new Rerouting(context, Wirings.of(4, new IngestMeters(new SimpleMeterRegistry())), "sink");
        byte[] value = new byte[Wirings.LARGEST_RECORD];
        // When, Then
        assertThatThrownBy(() -> rerouting.forward("wells", new Record<>(bytes("wells"), value, 5), value))
                .isInstanceOf(RejectedRecordException.class)
                .hasMessageContaining(
                        "1048690 bytes uncompressed and is in partition %d, but its corpus belongs to partition %d",
                        (home + 1) % 4, home);
        assertThat(context.forwarded()).isEmpty();
    }

    @Test
    void doesNotForwardARecordInItsPartition() {
        // Given
        MockProcessorContext<byte[], Object> context = inPartition(FOUR.of(bytes("wells")));
        Rerouting rerouting =
                new Rerouting(context, Wirings.of(4, new IngestMeters(new SimpleMeterRegistry())), "sink");
        // When
        boolean sent = rerouting.forward("wells", new Record<>(bytes("wells"), bytes("text"), 5), bytes("text"));
        // Then
        assertThat(sent).isFalse();
        assertThat(context.forwarded()).isEmpty();
    }

    private MockProcessorContext<byte[], Object> inPartition(int partition) {
        MockProcessorContext<byte[], Object> context =
                new MockProcessorContext<>(new Properties(), new TaskId(0, partition), folder);
        context.setRecordMetadata("inkstream.text", partition, 0);
        return context;
    }
}
