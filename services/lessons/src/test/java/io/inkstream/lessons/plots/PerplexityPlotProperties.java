package io.inkstream.lessons.plots;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.lessons.plots.PerplexityPlot.Line;
import io.inkstream.lessons.plots.PerplexityPlot.Scale;
import io.inkstream.testsupport.Fonts;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Whatever a training did, there is a picture of it. */
class PerplexityPlotProperties {

    private static final int STROKES_IN_LEGEND = 1;

    @Property(tries = 300)
    void everyHistoryHasAPicture(@ForAll("lines") List<Line> lines, @ForAll Scale scale, @ForAll String title)
            throws IOException {
        Assume.that(Fonts.present());

        // When
        PerplexityChart chart = PerplexityChart.of(new PerplexityPlot(title, lines, scale));
        Svg svg = Svg.of(chart.svg());

        // Then
        assertThat(svg.texts()).contains("epoch", "perplexity");
        if (lines.size() == 1) {
            assertThat(svg.line("rgb(0,114,178)").stream().filter(point -> point.startsWith("L")))
                    .hasSize(Math.max(STROKES_IN_LEGEND, strokes(lines.get(0))));
        }
    }

    @Property(tries = 30)
    void everyHistoryHasPixels(@ForAll("lines") List<Line> lines, @ForAll Scale scale) throws IOException {
        Assume.that(Fonts.present());

        // When
        PerplexityChart chart = PerplexityChart.of(new PerplexityPlot("perplexity", lines, scale));
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(chart.png()));

        // Then
        assertThat(image.getWidth()).isEqualTo(1600);
    }

    @Provide
    Arbitrary<List<Line>> lines() {
        Arbitrary<Double> perplexity = Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.doubles().between(1, 30)),
                Tuple.of(2, Arbitraries.doubles()),
                Tuple.of(
                        2,
                        Arbitraries.of(
                                Double.NaN,
                                Double.POSITIVE_INFINITY,
                                Double.NEGATIVE_INFINITY,
                                Double.MAX_VALUE,
                                Double.MIN_VALUE,
                                1e9,
                                1.0,
                                0.0,
                                -1.0)));
        Arbitrary<double[]> varying = perplexity
                .array(Double[].class)
                .ofMaxSize(60)
                .map(boxed -> DoubleStream.of(unboxed(boxed)).toArray());
        Arbitrary<double[]> constant = Combinators.combine(
                        perplexity, Arbitraries.integers().between(0, 60))
                .as((value, size) ->
                        DoubleStream.generate(() -> value).limit(size).toArray());
        Arbitrary<Line> line = Combinators.combine(
                        Arbitraries.strings().ofMaxLength(12),
                        Arbitraries.integers().between(0, Integer.MAX_VALUE - 60),
                        Arbitraries.oneOf(varying, constant),
                        Arbitraries.of(true, false))
                .as((name, first, perplexities, heldOut) -> new Line(
                        name,
                        IntStream.range(first, first + perplexities.length)
                                .asDoubleStream()
                                .toArray(),
                        perplexities,
                        heldOut));
        return line.list().ofMaxSize(9);
    }

    /** From each point that can be drawn to the next, where that can be drawn, too. */
    private static int strokes(Line line) {
        double[] perplexities = line.perplexities();
        return (int) IntStream.range(1, perplexities.length)
                .filter(i ->
                        PerplexityPlot.isDrawable(perplexities[i - 1]) && PerplexityPlot.isDrawable(perplexities[i]))
                .count();
    }

    private static double[] unboxed(Double[] boxed) {
        return Arrays.stream(boxed).mapToDouble(Double::doubleValue).toArray();
    }
}
