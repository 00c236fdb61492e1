package io.inkstream.lessons.plots;

import io.inkstream.lessons.plots.PerplexityPlot.Line;
import io.inkstream.lessons.plots.PerplexityPlot.Scale;
import java.text.NumberFormat;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.DoubleStream;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnit;

/**
 * The axis of perplexity: from 1, below which there is none, to a little above the highest point. On a logarithmic one the
 * heights are powers of two, and whole powers are marked: 1, 2, 4, 8, …
 */
final class PerplexityAxis {

    private static final double LOWEST = 1;
    private static final double LEAST_HIGHEST = 1.5;
    private static final double MARGIN = 0.04;

    /** Most marks on a logarithmic axis; below the fewest, there are marks between the whole powers. */
    private static final int MOST_MARKS = 10;

    private static final int FEWEST_MARKS = 3;

    private PerplexityAxis() {}

    static NumberAxis of(PerplexityPlot plot) {
        double low = height(extreme(plot.lines(), LOWEST, Math::min), plot.scale());
        double high = height(extreme(plot.lines(), LEAST_HIGHEST, Math::max), plot.scale());
        NumberAxis axis = new NumberAxis("perplexity");
        axis.setRange(low, high + MARGIN * (high - low));
        switch (plot.scale()) {
            case LINEAR -> axis.setNumberFormatOverride(Typography.numbers());
            case LOGARITHMIC -> axis.setTickUnit(powers(high - low));
        }
        return axis;
    }

    /** Where on the axis a perplexity is. */
    static double height(double perplexity, Scale scale) {
        return switch (scale) {
            case LINEAR -> perplexity;
            case LOGARITHMIC -> Math.log(perplexity) / Math.log(2);
        };
    }

    private static NumberTickUnit powers(double octaves) {
        double step = octaves < FEWEST_MARKS ? 0.5 : Math.ceil(octaves / MOST_MARKS);
        NumberFormat numbers = Typography.numbers();
        return new NumberTickUnit(step) {
            @Override
            public String valueToString(double power) {
                return numbers.format(Math.pow(2, power));
            }
        };
    }

    private static double extreme(List<Line> lines, double start, DoubleBinaryOperator further) {
        return lines.stream()
                .flatMapToDouble(line -> DoubleStream.of(line.perplexities()))
                .filter(PerplexityPlot::isDrawable)
                .reduce(start, further);
    }
}
