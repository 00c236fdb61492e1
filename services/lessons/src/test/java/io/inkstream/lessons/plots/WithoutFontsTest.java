package io.inkstream.lessons.plots;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.platform.InkstreamException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A machine without fonts, like small containers: fontconfig finds none. */
@EnabledOnOs(OS.LINUX)
class WithoutFontsTest {

    @TempDir
    Path folder;

    @Test
    @Timeout(60)
    void saysThatFontsAreMissing() throws Exception {
        // Given
        Path none = Files.writeString(folder.resolve("fonts.conf"), "<?xml version=\"1.0\"?><fontconfig></fontconfig>");
        Path picture = folder.resolve("wells.svg");

        // When
        Process process = spawn(none, picture);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        // Then
        assertThat(process.waitFor()).isZero();
        assertThat(output.lines().toList())
                .containsExactly(
                        "A picture cannot be lettered, as Java finds no fonts here: install fontconfig and a font "
                                + "(Debian: fontconfig fonts-dejavu-core; Alpine: fontconfig ttf-dejavu).");
        assertThat(picture).doesNotExist();
    }

    private Process spawn(Path fontconfig, Path picture) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.awt.headless=true",
                "-Duser.home=" + folder, // Java keeps there what it found before
                "-cp",
                System.getProperty("java.class.path"),
                Drawing.class.getName(),
                picture.toString());
        builder.environment().put("FONTCONFIG_FILE", fontconfig.toString());
        return builder.redirectErrorStream(true).start();
    }

    /** Draws, and prints why it could not. */
    static final class Drawing {

        private Drawing() {}

        public static void main(String[] arguments) {
            try {
                new PerplexityPlot("wells", List.of()).write(Path.of(arguments[0]));
            } catch (InkstreamException e) {
                System.out.println(e.getMessage());
            }
        }
    }
}
