package io.inkstream.ingest;

import static io.inkstream.ingest.IngestFixture.bytes;
import static io.inkstream.ingest.IngestFixture.lines;
import static io.inkstream.ingest.IngestFixture.read;
import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.corpuslog.topics.CorpusPartition;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicProvisioner;
import io.inkstream.embedded.broker.BrokerSettings;
import io.inkstream.embedded.broker.EmbeddedBroker;
import io.inkstream.platform.config.Connection;
import io.inkstream.schemas.NormalizerKind;
import io.inkstream.schemas.TokenizerKind;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever happens to the group's offsets and to the text while ingest is stopped, text is read once or reported as lost. */
@Timeout(180)
class TextIsReadOnceTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private static EmbeddedBroker broker;
    private static RegistryStub schemas;
    private static Connection connection;
    private static Admin admin;

    private final MeterRegistry meters = new SimpleMeterRegistry();

    @BeforeAll
    static void startBroker(@TempDir Path folder) throws IOException {
        broker = new EmbeddedBroker(new BrokerSettings(folder, 0));
        broker.start();
        schemas = new RegistryStub();
        connection = new Connection(broker.bootstrapServers(), schemas.url());
        admin = Admin.create(connection.clientProperties());
    }

    @AfterAll
    static void stopBroker() {
        admin.close();
        schemas.close();
        broker.close();
    }

    @Test
    void readsNothingTwiceWhenTheOffsetsOfTheGroupAreLost() throws Exception {
        try (IngestFixture ingest = new IngestFixture(connection, "forgotten")) {
            // Given text, some of it in the wrong partition, and an invalid record in each topic, all read
            ingest.spec("wells", TokenizerKind.CHARACTERS, NormalizerKind.VERBATIM);
            ingest.spec("wells", bytes("no spec"));
            ingest.text("wells", new byte[] {(byte) 0xFF});
            List<String> lines = lines(300);
            for (int i = 0; i < lines.size(); i++) {
                ingest.text("wells", i < 200 ? null : wrongPartition(), bytes(lines.get(i)));
            }
            ingest.flush();
            String text = String.join("", lines);
            try (IngestService first = start(ingest)) {
                ingest.awaitTokens("wells", text.length());
                ingest.awaitDeadLetters(2);
                awaitReady(first);
            }
            // When
            forgetOffsets(ingest);
            ingest.text("wells", bytes("and on\n"));
            ingest.text("wells", wrongPartition(), bytes("and on\n"));
            ingest.flush();
            try (IngestService second = start(ingest)) {
                String read = read(ingest.awaitTokens("wells", text.length() + 14L));
                // Then
                assertThat(read)
                        .hasSize(text.length() + 14)
                        .startsWith(text.substring(0, 200))
                        .endsWith("and on\nand on\n");
                awaitReady(second);
                assertThat(ingest.committedTokens()).isEqualTo(text.length() + 14L);
                assertThat(ingest.awaitDeadLetters(2)).hasSize(2);
                assertThat(counted("records.repeated")).isGreaterThanOrEqualTo(400);
                assertThat(counted("records.lost")).isZero();
            }
        }
    }

    @Test
    void deletingTextThatWasReadIsNotALoss() throws Exception {
        try (IngestFixture ingest = new IngestFixture(connection, "done")) {
            // Given forwarded text, with transaction markers after it
            ingest.text("wells", wrongPartition(), bytes("first"));
            ingest.flush();
            try (IngestService first = start(ingest)) {
                ingest.awaitTokens("wells", 5);
                awaitReady(first);
            }
            // When all of it is deleted, and the offsets too
            deleteText(ingest);
            forgetOffsets(ingest);
            ingest.text("wells", bytes("second"));
            ingest.flush();
            try (IngestService second = start(ingest)) {
                // Then
                assertThat(read(ingest.awaitTokens("wells", 12))).isEqualTo("first second");
                awaitReady(second);
                assertThat(counted("records.lost")).isZero();
                assertThat(second.health().detail()).isEqualTo("reading text");
            }
        }
    }

    @Test
    void reportsTextThatWasDeletedBeforeItWasRead() throws Exception {
        try (IngestFixture ingest = new IngestFixture(connection, "late")) {
            // Given
            ingest.text("wells", bytes("first"));
            ingest.flush();
            try (IngestService first = start(ingest)) {
                ingest.awaitTokens("wells", 5);
                awaitReady(first);
            }
            // When three records are deleted while ingest is stopped
            for (int i = 0; i < 3; i++) {
                ingest.text("wells", bytes("lost"));
            }
            ingest.flush();
            deleteText(ingest);
            ingest.text("wells", bytes("second"));
            ingest.flush();
            try (IngestService second = start(ingest)) {
                // Then
                assertThat(read(ingest.awaitTokens("wells", 12))).isEqualTo("first second");
                awaitReady(second);
                assertThat(counted("records.lost")).isEqualTo(3);
                assertThat(second.health().detail())
                        .isEqualTo("reading text; up to 3 records of text were deleted before they were read");
            }
            // And the loss is logged once
            try (IngestService third = start(ingest)) {
                awaitReady(third);
                assertThat(third.health().detail()).isEqualTo("reading text");
            }
        }
    }

    @Test
    void readsTheTextOfATopicThatWasCreatedAgain() throws Exception {
        try (IngestFixture ingest = new IngestFixture(connection, "anew")) {
            // Given
            ingest.text("wells", bytes("first"));
            ingest.text("wells", bytes("of two"));
            ingest.flush();
            try (IngestService first = start(ingest)) {
                ingest.awaitTokens("wells", 12);
                awaitReady(first);
            }
            // When
            String topic = ingest.topics.of(Topic.TEXT);
            admin.deleteTopics(List.of(topic)).all().get();
            Awaitility.await()
                    .atMost(TIMEOUT)
                    .until(() -> !admin.listTopics().names().get().contains(topic));
            TopicProvisioner.ensure(connection, ingest.topics, IngestFixture.PARTITIONS, Set.of(Topic.TEXT));
            ingest.text("wells", bytes("second"));
            ingest.flush();
            try (IngestService second = start(ingest)) {
                // Then
                assertThat(read(ingest.awaitTokens("wells", 19))).isEqualTo("first of two second");
                awaitReady(second);
                assertThat(counted("records.lost")).isZero();
            }
        }
    }

    private IngestService start(IngestFixture ingest) {
        meters.clear();
        IngestService service =
                new IngestService(connection, ingest.topics, new IngestSettings(IngestFixture.PARTITIONS, 2), meters);
        service.start();
        return service;
    }

    private double counted(String meter) {
        return meters.get("inkstream.ingest." + meter).counter().count();
    }

    private static int wrongPartition() {
        return (new CorpusPartition(IngestFixture.PARTITIONS).of("wells") + 1) % IngestFixture.PARTITIONS;
    }

    private static void forgetOffsets(IngestFixture ingest) throws ExecutionException, InterruptedException {
        admin.deleteConsumerGroups(List.of(ingest.topics.group("ingest"))).all().get();
    }

    private static void deleteText(IngestFixture ingest) throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> partitions = new HashMap<>();
        for (int partition = 0; partition < IngestFixture.PARTITIONS; partition++) {
            partitions.put(new TopicPartition(ingest.topics.of(Topic.TEXT), partition), OffsetSpec.latest());
        }
        Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
        admin.listOffsets(partitions)
                .all()
                .get()
                .forEach((partition, end) -> all.put(partition, RecordsToDelete.beforeOffset(end.offset())));
        admin.deleteRecords(all).all().get();
    }

    private static void awaitReady(IngestService service) {
        Awaitility.await().atMost(TIMEOUT).until(() -> service.health().ready());
    }
}
