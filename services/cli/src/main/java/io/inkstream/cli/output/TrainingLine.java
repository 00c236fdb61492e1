package io.inkstream.cli.output;

import io.inkstream.client.TrainingView;
import io.inkstream.schemas.TrainingProgress;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The progress of a training, in one line. */
final class TrainingLine {

    private TrainingLine() {}

    /** Bar, epoch, perplexity, tokens/s and remaining time. */
    static String of(TrainingView view, int columns) {
        return ProgressBar.line(view.fraction(), figures(view), columns);
    }

    private static String figures(TrainingView view) {
        TrainingProgress progress = view.newest().orElseThrow();
        List<String> figures = Stream.of(
                        "epoch %s/%s".formatted(Formatting.count(progress.getEpoch()), Formatting.count(view.epochs())),
                        progress.getPerplexity() == null
                                ? ""
                                : "perplexity "
                                        + Formatting.perplexities(
                                                progress.getPerplexity(), progress.getValidationPerplexity()),
                        progress.getTokensPerSecond() <= 0
                                ? ""
                                : Formatting.count(Math.round(progress.getTokensPerSecond())) + " tokens/s",
                        progress.getEpochsLeft() == 0 ? "" : ProgressBar.left(view.remaining()))
                .filter(figure -> !figure.isEmpty())
                .toList();
        return figures.stream().collect(Collectors.joining("  "));
    }
}
