package io.inkstream.lessons.presets;

import io.inkstream.client.CorpusRun;
import io.inkstream.schemas.Completion;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What came of a preset with one seed.
 *
 * @param seed the seed
 * @param corpus the corpus that it was trained as
 * @param learned the training
 * @param completions of the preset's prefixes, in their order
 * @param took from producing the text to the last completion
 */
public record SeedRun(
        long seed, String corpus, CorpusRun.Learned learned, List<Completion> completions, Duration took) {

    public SeedRun {
        completions = List.copyOf(completions);
    }

    /** All that was generated, one after the other: of the beginnings of a word, the answer to it. */
    public String answer() {
        return completions.stream().map(Completion::getText).collect(Collectors.joining());
    }

    /** Perplexity of the last epoch; not a number when it overflowed. */
    public double perplexity() {
        Double perplexity = learned.manifest().getPerplexity();
        return perplexity == null ? Double.NaN : perplexity;
    }

    /** Share of the tokens trained on that read as {@code <unk>}, 0 to 1. */
    public double unknownShare() {
        long tokens = learned.last().getEpochTokens();
        return tokens == 0 ? 0 : (double) learned.last().getUnknownTokens() / tokens;
    }
}
