package io.inkstream.cli.output;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.inkstream.client.files.OutputFile;
import io.inkstream.lessons.presets.Book;
import io.inkstream.lessons.presets.BookFile;
import io.inkstream.lessons.presets.Expectation;
import io.inkstream.lessons.presets.Outcome;
import io.inkstream.lessons.presets.PeerFigure;
import io.inkstream.lessons.presets.Prefix;
import io.inkstream.lessons.presets.Preset;
import io.inkstream.lessons.presets.SeedRun;
import io.inkstream.lessons.presets.Spread;
import io.inkstream.schemas.CheckpointManifest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What came of presets, for programs.
 *
 * @param outcomes one for each preset, in the order in which they were run
 * @param books the books that were read
 */
public record OutcomeReport(List<Outcome> outcomes, Map<Book, BookFile> books) {

    public OutcomeReport {
        outcomes = List.copyOf(outcomes);
        books = Map.copyOf(books);
    }

    /** As JSON. */
    ObjectNode json() {
        ObjectNode report = JsonOutput.object();
        ArrayNode presets = report.putArray("presets");
        outcomes.forEach(outcome -> presets.add(json(outcome)));
        return report;
    }

    /** Writes it to a file, in place of what was there. */
    public void write(Path file) {
        new OutputFile(file).write(JsonOutput.pretty(json()) + "\n");
    }

    private ObjectNode json(Outcome outcome) {
        Preset preset = outcome.preset();
        ObjectNode node = JsonOutput.object();
        node.put("preset", preset.name());
        node.put("description", preset.description());
        node.put("published", preset.published());
        pytorch(node.putObject("pytorch"), preset.pytorch());
        asked(node.putObject("asked"), preset.expectation());
        node.put("verdict", OutcomeTable.verdict(outcome.verdict()));
        outcome.failure().ifPresent(failure -> node.put("failure", failure));
        book(preset).ifPresent(file -> node.putObject("book")
                .put("file", file.path().toString())
                .put("sha1", file.sha1())
                .put("measuredOne", file.isTheMeasuredOne()));
        if (!outcome.runs().isEmpty()) {
            spread(node.putObject("perplexity"), Spread.ofPerplexities(outcome.runs()));
            spread(node.putObject("tokensPerSecond"), Spread.ofSpeeds(outcome.runs()));
            if (preset.expectation().kind() == Expectation.Kind.ANSWER) {
                node.putObject("answers")
                        .put("right", preset.expectation().right(outcome.runs()))
                        .put("seeds", outcome.runs().size());
            }
        }
        ArrayNode seeds = node.putArray("seeds");
        outcome.runs().forEach(run -> seeds.add(json(preset, run)));
        return node;
    }

    private static ObjectNode json(Preset preset, SeedRun run) {
        CheckpointManifest manifest = run.learned().manifest();
        ObjectNode node = JsonOutput.object();
        node.put("seed", run.seed());
        node.put("corpus", run.corpus());
        node.set("settings", JsonOutput.of(manifest.getSpec()));
        node.put("tokens", run.learned().last().getEpochTokens());
        node.put("vocabulary", manifest.getVocabularySize());
        node.put("epochs", manifest.getEpoch());
        node.put("perplexity", manifest.getPerplexity());
        node.put("validationPerplexity", manifest.getValidationPerplexity());
        node.put("unknownShare", run.unknownShare());
        node.put("tokensPerSecond", run.learned().tokensPerSecond());
        node.put("seconds", run.took().toMillis() / 1000.0);
        node.put("engine", manifest.getEngine());
        node.put("device", manifest.getDevice());
        node.put("threads", manifest.getThreads());
        node.putObject("checkpoint")
                .put("sha256", manifest.getSha256())
                .put("weightsSha256", manifest.getWeightsSha256())
                .put("step", manifest.getStep());
        ArrayNode completions = node.putArray("completions");
        for (int i = 0; i < run.completions().size(); i++) {
            Prefix prefix = preset.prefixes().get(i);
            completions
                    .addObject()
                    .put("prefix", prefix.text())
                    .put("text", run.completions().get(i).getText())
                    .put("published", prefix.published().orElse(null));
        }
        if (preset.expectation().kind() == Expectation.Kind.ANSWER) {
            node.put("answer", run.answer());
        }
        return node;
    }

    private static void asked(ObjectNode node, Expectation expectation) {
        switch (expectation.kind()) {
            case PERPLEXITY -> node.put("perplexityAtMost", expectation.bound());
            case ANSWER ->
                node.put("answer", expectation.answer())
                        .put("atLeast", (int) expectation.bound())
                        .put("ofSeeds", expectation.seeds());
            case LEARNING -> node.put("learns", true);
        }
    }

    private static void pytorch(ObjectNode node, PeerFigure figure) {
        node.put("figure", figure.words());
        if (figure instanceof PeerFigure.Perplexity perplexity) {
            node.put("median", perplexity.median());
            perplexity.range().ifPresent(range -> node.put("least", range.least())
                    .put("most", range.most()));
        } else if (figure instanceof PeerFigure.Answers answers) {
            node.put("right", answers.right()).put("seeds", answers.seeds());
        }
    }

    private static void spread(ObjectNode node, Spread spread) {
        put(node, "median", spread.median());
        put(node, "least", spread.least());
        put(node, "most", spread.most());
    }

    /** JSON knows neither infinity nor NaN. */
    private static void put(ObjectNode node, String name, double value) {
        node.put(name, Double.isFinite(value) ? (Double) value : null);
    }

    private Optional<BookFile> book(Preset preset) {
        return preset.text() instanceof Book book ? Optional.ofNullable(books.get(book)) : Optional.empty();
    }
}
