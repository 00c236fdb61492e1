package io.inkstream.cli.output;

import io.inkstream.lessons.presets.Expectation;
import io.inkstream.lessons.presets.Outcome;
import io.inkstream.lessons.presets.Prefix;
import io.inkstream.lessons.presets.SeedRun;
import io.inkstream.lessons.presets.Spread;
import io.inkstream.lessons.presets.Verdict;
import io.inkstream.schemas.Completion;
import io.inkstream.schemas.TokenizerKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The outcome of presets for reading: a table, and what the models wrote beside what was published. */
public final class OutcomeTable {

    private static final String UNKNOWN = "–";

    private OutcomeTable() {}

    /** The table. */
    public static List<String> figures(List<Outcome> outcomes) {
        Table table = new Table("PRESET", "PUBLISHED", "PYTORCH", "OURS", "ASKED", "TOKENS/S", "VERDICT");
        for (Outcome outcome : outcomes) {
            table.row(
                    outcome.preset().name(),
                    outcome.preset().published(),
                    outcome.preset().pytorch().words(),
                    ours(outcome),
                    PresetList.asked(outcome.preset().expectation()),
                    speed(outcome),
                    verdict(outcome.verdict()));
        }
        return table.lines();
    }

    /** What the model of the median seed wrote, beside what was published; for answers, how often each was given. */
    public static List<String> completions(List<Outcome> outcomes) {
        List<String> lines = new ArrayList<>();
        for (Outcome outcome : outcomes) {
            outcome.failure()
                    .ifPresent(failure ->
                            lines.add("%s: %s".formatted(outcome.preset().name(), failure)));
            if (outcome.preset().expectation().kind() == Expectation.Kind.ANSWER) {
                lines.addAll(answers(outcome));
            } else {
                outcome.typical().ifPresent(run -> lines.addAll(completions(outcome, run)));
            }
        }
        return lines;
    }

    /** {@code 1.306 (1.264–1.315)}, {@code 73 of 100}. */
    static String ours(Outcome outcome) {
        List<SeedRun> runs = outcome.runs();
        if (runs.isEmpty()) {
            return UNKNOWN;
        }
        Expectation expectation = outcome.preset().expectation();
        if (expectation.kind() == Expectation.Kind.ANSWER) {
            return "%d of %d".formatted(expectation.right(runs), runs.size());
        }
        Spread spread = Spread.ofPerplexities(runs);
        return runs.size() == 1
                ? Formatting.perplexity(spread.median())
                : "%s (%s–%s)"
                        .formatted(
                                Formatting.perplexity(spread.median()),
                                Formatting.perplexity(spread.least()),
                                Formatting.perplexity(spread.most()));
    }

    /** {@code kept}, {@code missed}, {@code failed}, {@code not judged}. */
    static String verdict(Verdict verdict) {
        return verdict.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String speed(Outcome outcome) {
        long speed = outcome.runs().isEmpty()
                ? 0
                : Math.round(Spread.ofSpeeds(outcome.runs()).median());
        return speed == 0 ? "-" : Formatting.count(speed);
    }

    private static List<String> answers(Outcome outcome) {
        Map<String, Long> counts = outcome.runs().stream()
                .collect(Collectors.groupingBy(SeedRun::answer, TreeMap::new, Collectors.counting()));
        List<String> lines = new ArrayList<>();
        lines.add(outcome.preset().name());
        counts.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .map(count -> "  %4d × %s".formatted(count.getValue(), onOneLine(count.getKey())))
                .forEach(lines::add);
        return lines;
    }

    private static List<String> completions(Outcome outcome, SeedRun run) {
        List<String> lines = new ArrayList<>();
        lines.add("%s, seed %d".formatted(outcome.preset().name(), run.seed()));
        if (outcome.preset().reading().getTokenizer() == TokenizerKind.WORDS) {
            lines.add("  " + Formatting.unknown(run.learned().last()));
        }
        for (int i = 0; i < run.completions().size(); i++) {
            Prefix prefix = outcome.preset().prefixes().get(i);
            Completion completion = run.completions().get(i);
            lines.add("  published  "
                    + prefix.published().map(text -> prefix.text() + text).orElse(UNKNOWN));
            lines.add("  ours       " + onOneLine(CompletionText.whole(completion)));
        }
        return lines;
    }

    private static String onOneLine(String text) {
        return text.replace("\n", "⏎");
    }
}
