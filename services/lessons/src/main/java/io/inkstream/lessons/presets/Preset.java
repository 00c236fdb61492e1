package io.inkstream.lessons.presets;

import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.TrainingSpec;
import java.util.List;

/**
 * A published result: with which settings it came about, and what ours must keep.
 *
 * @param name its name on the command line: lower-case words joined by hyphens
 * @param description one sentence: what it is, and where it is published
 * @param text the text it reads
 * @param reading how the text is read; without training settings
 * @param training how the network is trained; the seed does not count
 * @param published the published figure
 * @param pytorch what the same settings give in PyTorch, which keeps what is asked of ours
 * @param prefixes what the model is asked afterwards, greedily
 * @param completionTokens how many tokens it is asked for each time
 * @param expectation what ours must keep
 */
public record Preset(
        String name,
        String description,
        PresetText text,
        CorpusSpec reading,
        TrainingSpec training,
        String published,
        PeerFigure pytorch,
        List<Prefix> prefixes,
        int completionTokens,
        Expectation expectation) {

    public Preset {
        prefixes = List.copyOf(prefixes);
        require(name.matches("[a-z]+(-[a-z]+)*"), "its name must be lower-case words joined by hyphens");
        require(description.endsWith("."), "its description must be a sentence");
        require(reading.getTraining() == null, "its reading must be without training settings");
        require(!published.isBlank(), "the published figure must be given, or a dash");
        require(expectation.isKeptBy(pytorch), "nothing must be asked that PyTorch misses");
        require(!prefixes.isEmpty() && completionTokens >= 1, "its model must be asked something");
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException("Of a preset, " + message);
        }
    }
}
