package io.inkstream.cli.output;

import io.inkstream.client.TrainingHistory.Epoch;
import io.inkstream.client.TrainingHistory.Training;
import io.inkstream.lessons.plots.PerplexityPlot.Line;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A training, as the lines of a plot. */
public final class TrainingLines {

    private TrainingLines() {}

    /**
     * The line of a training and, if it held text out, that of the perplexity on it.
     *
     * @param name what the legend calls the first
     * @param heldOutName what it calls the second
     */
    public static List<Line> of(Training training, String name, String heldOutName) {
        double[] epochs = training.epochs().stream().mapToDouble(Epoch::number).toArray();
        List<Line> lines = new ArrayList<>();
        lines.add(new Line(name, epochs, perplexities(training, Epoch::perplexity), false));
        if (training.epochs().stream().anyMatch(epoch -> epoch.validationPerplexity() != null)) {
            lines.add(new Line(heldOutName, epochs, perplexities(training, Epoch::validationPerplexity), true));
        }
        return lines;
    }

    private static double[] perplexities(Training training, Function<Epoch, Double> which) {
        return training.epochs().stream()
                .map(which)
                .mapToDouble(perplexity -> perplexity == null ? Double.NaN : perplexity)
                .toArray();
    }
}
