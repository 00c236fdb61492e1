package io.inkstream.lessons.plots;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import io.inkstream.lessons.plots.PerplexityPlot.Line;
import io.inkstream.lessons.plots.PerplexityPlot.Scale;
import io.inkstream.platform.InkstreamException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

@EnabledIf("io.inkstream.testsupport.Fonts#present")
class PerplexityPlotTest {

    private static final String BLUE = "rgb(0,114,178)";
    private static final String VERMILION = "rgb(213,94,0)";
    private static final int WHITE = 0xFFFFFF;

    @TempDir
    Path folder;

    @Test
    void namesEverythingAndDrawsEachLineAsOnePath() throws IOException {
        // Given
        PerplexityPlot plot = new PerplexityPlot(
                "Perplexity of <wells> & 床前",
                List.of(
                        line("seed 1", 500, i -> 1 + 18 * Math.exp(-i / 60.0)),
                        line("seed 2", 80, i -> 17.0 / (i + 1))));

        // When
        Svg svg = svg(plot);

        // Then
        assertThat(svg.texts())
                .contains("Perplexity of <wells> & 床前", "seed 1", "seed 2", "epoch", "perplexity", "100", "500", "18");
        assertThat(svg.line(BLUE)).hasSize(500);
        assertThat(svg.line(VERMILION)).hasSize(80);
        assertThat(svg.lines(BLUE)).as("one in the legend, one in the plot").hasSize(2);
    }

    @Test
    void drawsHeldOutTextDashedInTheColourOfItsTraining() throws IOException {
        // Given
        Line training = line("training", 100, i -> 20.0 - i / 10.0);
        Line heldOut = new Line("validation", training.epochs(), training.perplexities(), true);

        // When
        Svg svg = svg(new PerplexityPlot("wells", List.of(training, heldOut, line("other", 50, i -> 3))));

        // Then
        assertThat(svg.texts()).contains("training", "validation", "other");
        List<Element> paths = svg.lines(BLUE);
        assertThat(paths).hasSize(4);
        assertThat(paths.stream()
                        .filter(path -> path.getAttribute("style").contains("stroke-dasharray"))
                        .count())
                .isEqualTo(2);
        assertThat(svg.line(VERMILION)).hasSize(50);
    }

    @Test
    void leavesAGapWhereAPerplexityIsNoNumber() throws IOException {
        // Given
        double[] perplexities = {9, 8, Double.NaN, 6, Double.POSITIVE_INFINITY, 1e300, 3, 2};
        Line line = new Line(
                "training", IntStream.rangeClosed(1, 8).asDoubleStream().toArray(), perplexities);

        // When
        Svg svg = svg(new PerplexityPlot("wells", List.of(line)));

        // Then: two pieces of one path; the single point between them is seen by its dot, as are the others
        assertThat(svg.line(BLUE)).hasSize(4);
        assertThat(svg.line(BLUE).stream().filter(point -> point.startsWith("M")))
                .hasSize(2);
        assertThat(svg.dots(BLUE)).as("and one in the legend").isEqualTo(5 + 1);
        assertThat(line.gaps()).isEqualTo(3);
    }

    @Test
    void marksPowersOfTwoOnALogarithmicAxis() throws IOException {
        // Given
        Line line = line("training", 200, i -> Math.pow(2, 4.2 - i / 50.0));

        // When
        Svg svg = svg(new PerplexityPlot("wells", List.of(line), Scale.LOGARITHMIC));

        // Then
        assertThat(svg.texts()).containsSubsequence("1", "2", "4", "8", "16");
        List<double[]> points = svg.line(BLUE).stream()
                .map(point -> point.substring(1).split(","))
                .map(xy -> new double[] {Double.parseDouble(xy[0]), Double.parseDouble(xy[1])})
                .toList();
        double first = points.get(1)[1] - points.get(0)[1];
        double last = points.get(199)[1] - points.get(198)[1];
        assertThat(first).as("equal factors are equal steps").isPositive().isCloseTo(last, offset(0.01));
    }

    @Test
    void theSameHistoryGivesTheSameBytes() throws IOException {
        // Given
        PerplexityPlot plot = new PerplexityPlot("wells", List.of(line("training", 300, i -> 20.0 / (i + 1))));
        Path germany = folder.resolve("germany.svg");
        Locale locale = Locale.getDefault();

        // When
        plot.write(folder.resolve("here.svg"));
        plot.write(folder.resolve("here.png"));
        plot.write(folder.resolve("again.png"));
        try {
            Locale.setDefault(Locale.GERMANY);
            plot.write(germany);
        } finally {
            Locale.setDefault(locale);
        }

        // Then
        assertThat(germany).hasSameBinaryContentAs(folder.resolve("here.svg"));
        assertThat(folder.resolve("again.png")).hasSameBinaryContentAs(folder.resolve("here.png"));
    }

    @Test
    void drawsPixelsOfTheRightSizeAndColours() throws IOException {
        // Given
        Path file = folder.resolve("wells.PNG");

        // When
        new PerplexityPlot("wells", List.of(line("seed 1", 500, i -> 20.0 / (i + 1)))).write(file);

        // Then
        BufferedImage image = ImageIO.read(file.toFile());
        assertThat(image.getWidth()).isEqualTo(1600);
        assertThat(image.getHeight()).isEqualTo(880);
        int[] pixels = image.getRGB(0, 0, 1600, 880, null, 0, 1600);
        long white =
                IntStream.of(pixels).filter(pixel -> (pixel & WHITE) == WHITE).count();
        long blue = IntStream.of(pixels)
                .filter(pixel -> (pixel & WHITE) == 0x0072B2)
                .count();
        assertThat(white).as("a light background").isGreaterThan(pixels.length * 9L / 10);
        assertThat(blue).isGreaterThan(1_000);
    }

    @Test
    void rejectsFilesThatAreNotPicturesOrCannotBeWritten() {
        // Given
        PerplexityPlot plot = new PerplexityPlot("wells", List.of());

        // Then
        for (String name : List.of("wells.jpg", "wells", "svg")) {
            assertThatThrownBy(() -> plot.write(folder.resolve(name)))
                    .isInstanceOf(InkstreamException.class)
                    .hasMessage(folder.resolve(name) + " would be no picture: name a file that ends in .svg or .png.");
        }
        assertThatThrownBy(() ->
                        PerplexityPlot.requireWritable(folder.resolve("none").resolve("wells.svg")))
                .isInstanceOf(InkstreamException.class)
                .hasMessageContaining("cannot be written: name a file in a folder that exists");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void rejectsALineWithoutPoints() {
        assertThatThrownBy(() -> new Line("seed 1", new double[2], new double[3]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("2 epochs cannot have 3 perplexities");
    }

    private Svg svg(PerplexityPlot plot) throws IOException {
        Path file = folder.resolve("plot.svg");
        plot.write(file);
        return Svg.of(Files.readAllBytes(file));
    }

    private static Line line(String name, int epochs, IntToDoubleFunction perplexity) {
        return new Line(
                name,
                IntStream.rangeClosed(1, epochs).asDoubleStream().toArray(),
                IntStream.range(0, epochs).mapToDouble(perplexity).toArray());
    }
}
