package io.inkstream.lessons.plots;

import io.inkstream.lessons.plots.PerplexityPlot.Line;
import io.inkstream.lessons.plots.PerplexityPlot.Scale;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Shape;
import java.awt.Stroke;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.block.BlockBorder;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.text.TextUtils;
import org.jfree.chart.title.LegendTitle;
import org.jfree.chart.title.TextTitle;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.data.xy.DefaultXYDataset;

/** How a plot looks: dark lines on white, a light grid, the legend under the title. */
final class ChartLook {

    /**
     * Colours that people with any kind of colour vision distinguish: those of Okabe and Ito (2008, "Color Universal Design"),
     * without yellow, which is hard to see on white.
     */
    private static final List<Color> COLOURS = List.of(
            new Color(0x0072B2),
            new Color(0xD55E00),
            new Color(0x009E73),
            new Color(0xCC79A7),
            new Color(0xE69F00),
            new Color(0x56B4E9),
            new Color(0x000000));

    private static final Color INK = new Color(0x333333);
    private static final Color GRID = new Color(0xE0E0E0);

    private static final Stroke SOLID = new BasicStroke(2, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND);
    private static final Stroke DASHED =
            new BasicStroke(2, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] {6, 4}, 0);
    private static final Stroke FINE = new BasicStroke(1, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER);

    /** A dot on each point of a line with so few, and on those that no line leads to. */
    private static final int FEW = 40;

    private static final Shape DOT = new Ellipse2D.Double(-3, -3, 6, 6);

    static {
        // Turned text as text; else it is drawn as outlines, as Java once needed it.
        TextUtils.setUseDrawRotatedStringWorkaround(false);
    }

    private ChartLook() {}

    static JFreeChart chart(PerplexityPlot plot) {
        XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(true, false);
        renderer.setDrawSeriesLineAsPath(true);
        renderer.setDrawOutlines(false);
        renderer.setLegendLine(new Line2D.Double(-15, 0, 15, 0));
        DefaultXYDataset points = new DefaultXYDataset();
        int colour = -1;
        for (int i = 0; i < plot.lines().size(); i++) {
            Line line = plot.lines().get(i);
            colour = line.heldOut() ? Math.max(0, colour) : colour + 1;
            points.addSeries(
                    new LineKey(i, Typography.text(line.name())),
                    new double[][] {line.epochs(), heights(line, plot.scale())});
            renderer.setSeriesPaint(i, COLOURS.get(colour % COLOURS.size()));
            renderer.setSeriesStroke(i, line.heldOut() ? DASHED : SOLID);
            renderer.setSeriesShape(i, DOT);
            renderer.setSeriesShapesVisible(i, needsDots(line));
        }
        XYPlot area = new XYPlot(points, lettered(epochs()), lettered(PerplexityAxis.of(plot)), renderer);
        area.setBackgroundPaint(Color.WHITE);
        area.setOutlineVisible(false);
        area.setDomainGridlinesVisible(false);
        area.setRangeGridlinePaint(GRID);
        area.setRangeGridlineStroke(FINE);
        area.setAxisOffset(RectangleInsets.ZERO_INSETS);
        area.setInsets(new RectangleInsets(8, 4, 4, 16));
        return framed(plot.title(), area);
    }

    private static JFreeChart framed(String title, XYPlot area) {
        JFreeChart chart = new JFreeChart(null, null, area, false);
        chart.setBackgroundPaint(Color.WHITE);
        chart.setPadding(new RectangleInsets(8, 8, 8, 8));
        TextTitle heading = new TextTitle(Typography.text(title), Typography.TITLE);
        heading.setPaint(INK);
        chart.setTitle(heading);
        LegendTitle legend = new LegendTitle(area);
        legend.setItemFont(Typography.LABEL);
        legend.setItemPaint(INK);
        legend.setBackgroundPaint(Color.WHITE);
        legend.setItemLabelPadding(new RectangleInsets(2, 4, 2, 12));
        legend.setFrame(BlockBorder.NONE);
        chart.addLegend(legend);
        return chart;
    }

    private static ValueAxis epochs() {
        NumberAxis axis = new NumberAxis("epoch");
        axis.setAutoRangeIncludesZero(false);
        axis.setAutoRangeMinimumSize(2);
        axis.setLowerMargin(0.01);
        axis.setUpperMargin(0.01);
        axis.setStandardTickUnits(NumberAxis.createIntegerTickUnits());
        axis.setNumberFormatOverride(Typography.numbers());
        return axis;
    }

    private static ValueAxis lettered(ValueAxis axis) {
        axis.setLabelFont(Typography.LABEL);
        axis.setLabelPaint(INK);
        axis.setTickLabelFont(Typography.NUMBER);
        axis.setTickLabelPaint(INK);
        axis.setAxisLinePaint(INK);
        axis.setTickMarkPaint(INK);
        axis.setAxisLineStroke(FINE);
        axis.setTickMarkStroke(FINE);
        return axis;
    }

    private static double[] heights(Line line, Scale scale) {
        return DoubleStream.of(line.perplexities())
                .map(perplexity ->
                        PerplexityPlot.isDrawable(perplexity) ? PerplexityAxis.height(perplexity, scale) : Double.NaN)
                .toArray();
    }

    private static boolean needsDots(Line line) {
        double[] perplexities = line.perplexities();
        return perplexities.length <= FEW
                || IntStream.range(0, perplexities.length).anyMatch(i -> isAlone(perplexities, i));
    }

    private static boolean isAlone(double[] perplexities, int i) {
        return PerplexityPlot.isDrawable(perplexities[i])
                && (i == 0 || !PerplexityPlot.isDrawable(perplexities[i - 1]))
                && (i == perplexities.length - 1 || !PerplexityPlot.isDrawable(perplexities[i + 1]));
    }

    /** Two lines may have the same name. */
    private record LineKey(int index, String name) implements Comparable<LineKey> {

        @Override
        public int compareTo(LineKey other) {
            return Integer.compare(index, other.index);
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
