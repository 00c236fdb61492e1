package io.inkstream.corpuslog.topics;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class HomeRecordsTest {

    private static final int PARTITIONS = 4;
    private static final int HOME = new CorpusPartition(PARTITIONS).of("wells/novels");

    @Test
    void countInThePartitionOfTheirCorpusOnly() {
        // Given
        HomeRecords records = HomeRecords.byCorpus(PARTITIONS);
        // Then
        for (int partition = 0; partition < PARTITIONS; partition++) {
            assertThat(records.accepts(record(partition, "wells/novels"))).isEqualTo(partition == HOME);
            assertThat(records.acceptsText(new ConsumerRecord<>("ink.corpora", partition, 0, "wells/novels", "value")))
                    .isEqualTo(partition == HOME);
        }
    }

    @Test
    void thoseOfASlotAreInThePartitionOfTheCorpus() {
        // Given
        HomeRecords records = HomeRecords.bySlot(PARTITIONS);
        // Then
        for (int partition = 0; partition < PARTITIONS; partition++) {
            assertThat(records.accepts(record(partition, "wells/novels/3"))).isEqualTo(partition == HOME);
        }
    }

    @Test
    void oneWithoutAKeyIsForTheReaderToJudge() {
        assertThat(HomeRecords.byCorpus(PARTITIONS).accepts(new ConsumerRecord<>("ink.corpora", 3, 0, null, "value")))
                .isTrue();
    }

    private static ConsumerRecord<byte[], String> record(int partition, String key) {
        return new ConsumerRecord<>("ink.corpora", partition, 0, key.getBytes(StandardCharsets.UTF_8), "value");
    }
}
