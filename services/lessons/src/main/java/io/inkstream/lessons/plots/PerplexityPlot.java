package io.inkstream.lessons.plots;

import io.inkstream.client.files.OutputFile;
import io.inkstream.platform.InkstreamException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * A picture of perplexity over epochs. The same plot gives the same picture, byte by byte, on machines with the same Java and
 * fonts.
 *
 * @param title what stands above it
 * @param lines what is drawn, in the order of the legend; there may be none
 * @param scale how the axis of perplexity is divided
 */
public record PerplexityPlot(String title, List<Line> lines, Scale scale) {

    /** How an axis is divided. */
    public enum Scale {
        /** Equal steps are equal differences. */
        LINEAR,
        /** Equal steps are equal factors; equal differences of the loss, that is. */
        LOGARITHMIC
    }

    /** Beyond, training has burst; such a point would press all others to the ground. */
    private static final double LARGEST = 1e9;

    public PerplexityPlot {
        lines = List.copyOf(lines);
    }

    /** A plot with a linear axis. */
    public PerplexityPlot(String title, List<Line> lines) {
        this(title, lines, Scale.LINEAR);
    }

    /**
     * The perplexity of one text over the epochs.
     *
     * @param name its name in the legend
     * @param epochs the epochs, rising
     * @param perplexities the perplexity after each of them; one that {@linkplain #isDrawable cannot be drawn} is a gap
     * @param heldOut whether it is that of held-out text: drawn dashed, in the colour of the training before it
     */
    @SuppressWarnings("ArrayRecordComponent") // what a plot is drawn from, not a value to compare
    public record Line(String name, double[] epochs, double[] perplexities, boolean heldOut) {

        public Line {
            if (epochs.length != perplexities.length) {
                throw new IllegalArgumentException(
                        "%d epochs cannot have %d perplexities".formatted(epochs.length, perplexities.length));
            }
            epochs = epochs.clone();
            perplexities = perplexities.clone();
        }

        /** The perplexity of a training's own text. */
        public Line(String name, double[] epochs, double[] perplexities) {
            this(name, epochs, perplexities, false);
        }

        /** How many of the points have no place in a picture. */
        public long gaps() {
            return DoubleStream.of(perplexities)
                    .filter(perplexity -> !isDrawable(perplexity))
                    .count();
        }
    }

    /** Whether a perplexity has a place in a picture: it is a number above 0, and not above a thousand millions. */
    public static boolean isDrawable(double perplexity) {
        return perplexity > 0 && perplexity <= LARGEST;
    }

    /**
     * Fails early: at the end of a long training it would be a pity.
     *
     * @throws InkstreamException if no picture can be written there, or this Java has no font to letter it with
     */
    public static void requireWritable(Path file) {
        PictureFormat.of(file);
        new OutputFile(file).requireWritable();
        Typography.requireFonts();
    }

    /**
     * Writes the picture; an older file is replaced.
     *
     * @param file a name that ends in {@code .svg} or {@code .png}
     * @throws InkstreamException if it cannot be written, or this Java has no font to letter it with
     */
    public void write(Path file) {
        PictureFormat format = PictureFormat.of(file);
        Typography.requireFonts();
        PerplexityChart chart = PerplexityChart.of(this);
        new OutputFile(file)
                .write(
                        switch (format) {
                            case SVG -> chart.svg();
                            case PNG -> chart.png();
                        });
    }
}
