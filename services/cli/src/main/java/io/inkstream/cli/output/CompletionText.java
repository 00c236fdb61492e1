package io.inkstream.cli.output;

import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.schemas.CheckpointReference;
import io.inkstream.schemas.Completion;
import java.util.List;
import java.util.Locale;

/** Completions for reading. */
public final class CompletionText {

    private CompletionText() {}

    /** Prefix and text, one after the other, and the checkpoint that they all came from. */
    public static void printAll(Screen screen, List<Completion> completions, TopicNames topics) {
        String prefix = null;
        for (Completion completion : completions) {
            if (!completion.getPrefix().equals(prefix)) {
                prefix = completion.getPrefix();
                screen.out().println();
            }
            screen.out().println("  %-16s %s".formatted(drawing(completion), whole(completion)));
            if (completion.getUnknownTokens() > 0 && completion.getTemperature() == 0) {
                screen.out().println("  %-16s (%s)".formatted("", unknown(completion)));
            }
        }
        screen.out().println();
        if (!completions.isEmpty()) {
            screen.out().println("By " + origin(completions.get(0).getCheckpoint(), topics) + ".");
        }
    }

    /** What the model did not know of the prefix: a sentence without its end. */
    public static String unknown(Completion completion) {
        return "%s of the prefix %s unknown to this model and read as <unk>"
                .formatted(
                        Formatting.count(completion.getUnknownTokens(), "token"),
                        completion.getUnknownTokens() == 1 ? "is" : "are");
    }

    /** The prefix and what came after it. */
    public static String whole(Completion completion) {
        return completion.getPrefix() + completion.getText();
    }

    /** {@code checkpoint 3f9c2a1b0d (step 4,500, epoch 500, perplexity 1.21), learned from partition 2 of inkstream.text, offsets 0 to 2}. */
    public static String origin(CheckpointReference checkpoint, TopicNames topics) {
        if (checkpoint.getSource() == null) {
            return "checkpoint %s, which was imported".formatted(Formatting.shortSha(checkpoint.getSha256()));
        }
        return "checkpoint %s (step %s, epoch %s, perplexity %s), learned from %s"
                .formatted(
                        Formatting.shortSha(checkpoint.getSha256()),
                        Formatting.count(checkpoint.getStep()),
                        Formatting.count(checkpoint.getEpoch()),
                        Formatting.perplexity(checkpoint.getPerplexity()),
                        Formatting.source(checkpoint.getSource(), topics.of(Topic.TEXT)));
    }

    private static String drawing(Completion completion) {
        return completion.getTemperature() == 0
                ? "greedy"
                : String.format(Locale.ROOT, "temperature %s", completion.getTemperature());
    }
}
