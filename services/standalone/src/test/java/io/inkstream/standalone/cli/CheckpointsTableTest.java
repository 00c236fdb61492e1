package io.inkstream.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class CheckpointsTableTest {

    @Test
    void marksTheNewest() {
        Table table =
                CheckpointsCommand.table(List.of(DemoReportTest.manifest(), DemoReportTest.manifest()), ZoneOffset.UTC);
        assertThat(table.lines())
                .containsExactly(
                        "   CHECKPOINT   STEP  EPOCH  PERPLEXITY  SLOT      SIZE  CREATED",
                        "   abc         4,500    500       1.250     1  356.1 kB  2026-11-21 12:00:00",
                        "*  abc         4,500    500       1.250     1  356.1 kB  2026-11-21 12:00:00");
    }
}
