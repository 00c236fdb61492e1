package io.inkstream.cli.commands;

import io.inkstream.cli.options.ClientOptions;
import io.inkstream.cli.options.CorpusOption;
import io.inkstream.cli.output.Formatting;
import io.inkstream.cli.output.Screen;
import io.inkstream.cli.output.TrainingLines;
import io.inkstream.client.TrainingHistory.Epoch;
import io.inkstream.client.TrainingHistory.Training;
import io.inkstream.lessons.plots.PerplexityPlot;
import io.inkstream.lessons.plots.PerplexityPlot.Line;
import io.inkstream.lessons.plots.PerplexityPlot.Scale;
import io.inkstream.platform.InkstreamException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Draws the perplexity of a training. */
@Command(
        name = "plot",
        description = {
            "Plot the perplexity of a corpus's newest training over its epochs, from the progress topic, with a second line for "
                    + "held-out text.",
            "A training in progress is plotted up to its last epoch."
        })
public final class PlotCommand implements Callable<Integer> {

    @Spec
    private CommandSpec command;

    @Mixin
    private CorpusOption corpus;

    @Option(
            names = "--log",
            fallbackValue = "true",
            description = "Use a logarithmic axis for perplexity: 1, 2, 4, 8, …")
    private boolean logarithmic;

    @Parameters(
            paramLabel = "FILE.svg|FILE.png",
            description = "The file to write, and its format; an existing file is replaced.")
    private Path file;

    @Mixin
    private ClientOptions clientOptions;

    @Override
    public Integer call() {
        String name = corpus.corpus();
        PerplexityPlot.requireWritable(file);
        Training training = clientOptions
                .client()
                .history(name)
                .newest()
                .orElseThrow(() -> new InkstreamException(
                        ("There is nothing to plot: the progress topic has no completed epoch of corpus '%s'; "
                                        + "'inkstream corpora' lists the corpora.")
                                .formatted(name)));
        List<Line> lines = TrainingLines.of(training, "training", "validation");
        new PerplexityPlot("Perplexity of " + name, lines, logarithmic ? Scale.LOGARITHMIC : Scale.LINEAR).write(file);
        print(training, lines);
        return 0;
    }

    private void print(Training training, List<Line> lines) {
        Epoch last = training.last();
        Screen screen = Screen.of(command);
        screen.out()
                .println("Drew %s to %s: perplexity %s%s after epoch %s."
                        .formatted(
                                Formatting.count(training.epochs().size(), "epoch"),
                                file,
                                Formatting.perplexity(last.perplexity()),
                                last.validationPerplexity() == null
                                        ? ""
                                        : ", validation " + Formatting.perplexity(last.validationPerplexity()),
                                Formatting.count(last.number())));
        long gaps = lines.stream().mapToLong(Line::gaps).sum();
        if (gaps > 0) {
            screen.out()
                    .println("%s left out, as their perplexity is unknown or not finite."
                            .formatted(Formatting.count(gaps, "point")));
        }
    }
}
