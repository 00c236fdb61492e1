package io.inkstream.launcher.options;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.launcher.Launcher;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemorySizeTest {

    @ParameterizedTest
    @ValueSource(strings = {"512MB", "512mb", " 512 MB ", "512M", "524288KB"})
    void readsHalfAGigabyte(String written) {
        assertThat(MemorySize.parse(written)).hasValue(512L * 1024 * 1024);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "512", "MB", "-1MB", "0MB", "1.5GB", "512MBB", "9999999999GB"})
    void readsNothingElse(String written) {
        assertThat(MemorySize.parse(written)).isEmpty();
    }

    @Test
    void anInvalidSizeIsReportedInOneSentence() {
        // When
        StringWriter err = new StringWriter();
        int exitCode = Launcher.commandLine(Map.of())
                .setErr(new PrintWriter(err))
                .execute("run", "generator", "--models-memory", "much");

        // Then
        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString()).contains("--models-memory must be a size such as 512MB or 2GB, not 'much'");
    }
}
