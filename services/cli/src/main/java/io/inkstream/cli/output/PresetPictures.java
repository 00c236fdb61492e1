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
 * Pictures of presets, a line for each seed.
 *
 * @param folder where they are drawn
 */
public record PresetPictures(Path folder) {

    /**
     * Makes the folder where there is none, and sees that pictures can be drawn into it: at the end of a long training it would be
     * a pity.
     *
     * @throws InkstreamException if they cannot
     */
    public static PresetPictures into(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new InkstreamException(
                    "There is no folder %s, and none can be made: %s.".formatted(folder, e.getMessage()), e);
        }
        PerplexityPlot.requireWritable(folder.resolve("preset.svg"));
        return new PresetPictures(folder);
    }

    /** Draws a preset as the progress topic tells of it. A preset that did not get through its first epoch has no picture. */
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

    /** The picture of a preset. */
    Path file(Preset preset) {
        return folder.resolve(preset.name() + ".svg");
    }
}
