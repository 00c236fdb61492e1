package io.inkstream.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.inkstream.cli.Invocation;
import io.inkstream.cli.stack.EmbeddedStack;
import io.inkstream.client.Corpora;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.launcher.services.ServiceSettings;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** A training through the whole pipeline, and the picture of it. */
@Timeout(180)
@EnabledIf("io.inkstream.testsupport.Fonts#present")
class PlotCommandTest {

    private static final int EPOCHS = 4;

    @TempDir
    static Path folder;

    private static EmbeddedStack stack;

    @BeforeAll
    static void train() throws Exception {
        TopicNames topics = new TopicNames(TopicNames.DEFAULT_PREFIX);
        stack = EmbeddedStack.onFreePorts(
                folder.resolve("data"),
                Map.of(),
                topics,
                new ServiceSettings(4, "auto", "cpu", 1, Duration.ofSeconds(10), 0));
        stack.start();
        Path book = Files.writeString(folder.resolve("book.txt"), "the time traveller for so it will be\n".repeat(40));
        assertThat(run("produce", "--corpus", "wells", book.toString()).exitCode())
                .isZero();
        String epochs = Integer.toString(EPOCHS);
        assertThat(run("train", "--corpus", "wells", "--hidden", "8", "--batch", "4", "--epochs", epochs)
                        .exitCode())
                .isZero();
        Corpora corpora = new Corpora(stack.connection(), topics);
        await().atMost(Duration.ofSeconds(60)).until(() -> corpora.newestCheckpoint("wells")
                .filter(manifest -> manifest.getFinished())
                .isPresent());
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @Test
    void drawsTheTrainingAsSvg() throws IOException {
        // Given
        Path file = folder.resolve("wells.svg");

        // When
        Invocation plot = run("plot", "--corpus", "wells", file.toString());

        // Then
        assertThat(plot.err()).isEmpty();
        assertThat(plot.exitCode()).isZero();
        assertThat(plot.out()).matches("Drew 4 epochs to \\Q" + file + "\\E: perplexity [0-9.]+ after epoch 4\\.\n");
        assertThat(Files.readString(file))
                .startsWith("<?xml")
                .contains(">Perplexity of wells<", ">epoch<", ">perplexity<", ">training<")
                .doesNotContain("validation");
    }

    @Test
    void drawsTheTrainingAsPngOnALogarithmicAxis() throws IOException {
        // Given
        Path file = Files.writeString(folder.resolve("wells.png"), "an older picture");

        // When
        Invocation plot = run("plot", "--corpus", "wells", "--log", file.toString());

        // Then
        assertThat(plot.exitCode()).isZero();
        BufferedImage image = ImageIO.read(file.toFile());
        assertThat(image.getWidth()).isEqualTo(1600);
    }

    @Test
    void saysWhereThereIsNothingToDraw() {
        // When
        Invocation plot = run(
                "plot", "--corpus", "no-such-corpus", folder.resolve("none.svg").toString());

        // Then
        assertThat(plot.exitCode()).isEqualTo(1);
        assertThat(plot.err())
                .isEqualTo("inkstream: There is nothing to plot: the progress topic has no completed epoch of corpus "
                        + "'no-such-corpus'; 'inkstream corpora' lists the corpora.\n");
        assertThat(folder.resolve("none.svg")).doesNotExist();
    }

    @Test
    void rejectsAFileThatIsNotAPicture() {
        // When
        Invocation ending = Invocation.of("plot", "--corpus", "wells", "wells.pdf");
        Invocation place = Invocation.of("plot", "--corpus", "wells", "no-such-folder/wells.svg");

        // Then
        assertThat(ending.exitCode()).isEqualTo(1);
        assertThat(ending.err())
                .isEqualTo("inkstream: wells.pdf would be no picture: name a file that ends in .svg or .png.\n");
        assertThat(place.exitCode()).isEqualTo(1);
        assertThat(place.err())
                .isEqualTo(
                        "inkstream: no-such-folder/wells.svg cannot be written: name a file in a folder that exists and "
                                + "that you may write to.\n");
    }

    private static Invocation run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--bootstrap-servers", stack.connection().bootstrapServers()));
        all.addAll(List.of("--schema-registry", stack.connection().schemaRegistryUrl()));
        return Invocation.of(all.toArray(String[]::new));
    }
}
