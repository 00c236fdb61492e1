package io.inkstream.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.cli.output.DemoReportTest;
import io.inkstream.cli.output.Table;
import io.inkstream.client.Checkpoints;
import io.inkstream.client.Checkpoints.Chunks;
import io.inkstream.platform.registry.TrustedSchemas;
import io.inkstream.schemas.CheckpointManifest;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class CheckpointsTableTest {

    @BeforeAll
    static void trustGeneratedClasses() {
        TrustedSchemas.trust();
    }

    @Test
    void marksTheNewestAndSaysWhichCanStillBeRead() {
        // Given a checkpoint whose slot was written again, a kept one, and the newest
        CheckpointManifest gone = CheckpointManifest.newBuilder(DemoReportTest.manifest())
                .setSha256("0123456789abcdef")
                .setChunkOffsets(List.of(7L))
                .build();
        CheckpointManifest kept = CheckpointManifest.newBuilder(DemoReportTest.manifest())
                .setSha256("fedcba9876543210")
                .setSlot(1025)
                .setChunkOffsets(List.of(8L))
                .build();
        Checkpoints checkpoints = new Checkpoints(
                "wells",
                List.of(gone, kept, DemoReportTest.manifest()),
                Set.of(Chunks.of(kept), Chunks.of(DemoReportTest.manifest())));

        // When
        Table table = CheckpointsCommand.table(checkpoints, ZoneOffset.UTC);

        // Then
        assertThat(table.lines())
                .containsExactly(
                        "   CHECKPOINT   STEP  EPOCH  PERPLEXITY  SLOT      SIZE  CREATED",
                        "   0123456789  4,500    500       1.250  gone  356.1 kB  2026-11-21 12:00:00",
                        "   fedcba9876  4,500    500       1.250  kept  356.1 kB  2026-11-21 12:00:00",
                        "*  abc         4,500    500       1.250  1     356.1 kB  2026-11-21 12:00:00");
    }
}
