package io.inkstream.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.cli.Inkstream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReferenceTest {

    private static final Path PAGE = Path.of("..", "..", "docs", "configuration.md");

    @Test
    void theConfigurationPageIsUpToDate() throws IOException {
        assertThat(Files.readString(PAGE))
                .as("docs/configuration.md must be the output of './inkstream reference'")
                .isEqualTo(Reference.page(Inkstream.commandLine(Map.of()).getCommandSpec()));
    }
}
