package io.inkstream.cli.output;

import io.inkstream.client.TrainingHistory;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.lessons.plots.PerplexityPlot;
import io.inkstream.lessons.plots.PerplexityPlot.Line;
import io.inkstream.lessons.plots.PerplexityPlot.Scale;
import io.inkstream.lessons.presets.Outcome;
import io.inkstream.lessons.presets.Preset;
import io.inkstream.lessons.presets.SeedRun;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.config.Connection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Plots of presets, with one line per seed.
 *
 * @param folder where they are written
 */
public record PresetPictures(Path folder) {

    /**
     * Creates the folder if there is none, and checks that plots can be written into it before a long training.
     *
     * @throws InkstreamException if they cannot
     */
    public static PresetPictures into(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new InkstreamException(
                    "Folder %s does not exist and cannot be created: %s.".formatted(folder, e.getMessage()), e);
        }
        PerplexityPlot.requireWritable(folder.resolve("preset.svg"));
        return new PresetPictures(folder);
    }

    /** Plots a preset from the progress topic. A preset that did not complete its first epoch has no plot. */
    public void draw(Connection connection, TopicNames topics, Outcome outcome) {
        List<Line> lines = new ArrayList<>();
        for (SeedRun run : outcome.runs()) {
            TrainingHistory.read(connection, topics, run.corpus())
                    .newest()
                    .ifPresent(training -> lines.addAll(TrainingLines.of(
                            training, "seed %d".formatted(run.seed()), "seed %d, validation".formatted(run.seed()))));
        }
        if (!lines.isEmpty()) {
            String title = "Perplexity of " + outcome.preset().name();
            new PerplexityPlot(title, lines, Scale.LOGARITHMIC).write(file(outcome.preset()));
        }
    }

    /** The plot of a preset. */
    Path file(Preset preset) {
        return folder.resolve(preset.name() + ".svg");
    }
}
