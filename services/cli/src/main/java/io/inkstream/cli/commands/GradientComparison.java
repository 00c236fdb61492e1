package io.inkstream.cli.commands;

import io.inkstream.cli.output.Formatting;
import io.inkstream.cli.output.Screen;
import io.inkstream.cli.output.Table;
import io.inkstream.client.CorpusRun;
import io.inkstream.schemas.TrainingSpec;
import java.util.Locale;

/**
 * What it costs and what it brings to let gradients flow through several windows: the same text is trained with a detached
 * state too, and the two are shown side by side.
 *
 * @param windows windows that gradients flow through
 * @param detached the training with a state that is detached before each window
 */
record GradientComparison(int windows, CorpusRun.Learned detached) {

    /** Trains with a detached state. */
    static GradientComparison begin(Screen screen, Demo demo, DemoText text, TrainingSpec spec) {
        screen.out().println("For comparison, first with the hidden state detached before each window:");
        demo.ingest(text);
        CorpusRun.Learned detached =
                demo.train(TrainingSpec.newBuilder(spec).setGradientWindows(1).build());
        screen.out().println("Now with gradients through %d windows:".formatted(spec.getGradientWindows()));
        return new GradientComparison(spec.getGradientWindows(), detached);
    }

    /** Shows both. */
    void print(Screen screen, CorpusRun.Learned through) {
        Table table = new Table("GRADIENTS THROUGH", "PERPLEXITY", "TOKENS/S");
        row(table, "1 window", detached);
        row(table, "%d windows".formatted(windows), through);
        table.lines().forEach(line -> screen.out().println("  " + line));
        screen.out()
                .println(String.format(
                        Locale.ROOT,
                        "The %d windows cost %.1f times the time.",
                        windows,
                        detached.tokensPerSecond() / through.tokensPerSecond()));
    }

    private static void row(Table table, String name, CorpusRun.Learned learned) {
        table.row(
                name,
                Formatting.perplexities(
                        learned.manifest().getPerplexity(), learned.manifest().getValidationPerplexity()),
                Formatting.count(Math.round(learned.tokensPerSecond())));
    }
}
