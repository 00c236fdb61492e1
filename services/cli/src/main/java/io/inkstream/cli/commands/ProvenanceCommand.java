package io.inkstream.cli.commands;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.inkstream.cli.options.CheckpointOption;
import io.inkstream.cli.options.ChosenCheckpoint;
import io.inkstream.cli.output.Formatting;
import io.inkstream.cli.output.JsonOutput;
import io.inkstream.cli.output.Screen;
import io.inkstream.cli.output.SettingsInWords;
import io.inkstream.cli.output.Table;
import io.inkstream.corpuslog.specs.SpecConversion;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.languagemodel.checkpoint.Checkpoint;
import io.inkstream.languagemodel.checkpoint.Span;
import io.inkstream.languagemodel.engine.EngineKind;
import io.inkstream.languagemodel.settings.SamplingSettings;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.SourceRange;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows what a checkpoint was trained on. */
@Command(
        name = "provenance",
        description = {
            "Show what a checkpoint was trained on: topics, partitions, offsets and tokens, epoch by epoch, and its parents.",
            "'inkstream verify' proves it by training again."
        })
public final class ProvenanceCommand extends AuditCommand {

    @Mixin
    private CheckpointOption checkpointOption;

    @Override
    public Integer call() {
        ChosenCheckpoint chosen = checkpoint(checkpointOption::of);
        TopicNames topics = chosen.client().topics();
        CheckpointManifest manifest = chosen.manifest();
        List<CheckpointManifest> ancestors = chosen.ancestors();
        Checkpoint checkpoint = chosen.read();
        Screen screen = screen();
        if (json()) {
            screen.out().println(JsonOutput.pretty(asJson(topics, manifest, checkpoint, ancestors)));
        } else {
            summary(topics, corpus(), manifest).lines().forEach(screen.out()::println);
            if (!checkpoint.history().isEmpty()) {
                screen.out().println();
                history(checkpoint).lines().forEach(screen.out()::println);
            }
            if (!ancestors.isEmpty()) {
                screen.out().println();
                screen.out().println("Training resumed from these checkpoints, as far as they are still listed:");
                parents(ancestors).lines().forEach(screen.out()::println);
            }
        }
        return 0;
    }

    static String summary(TopicNames topics, String corpus, CheckpointManifest manifest) {
        StringBuilder text = new StringBuilder();
        line(text, "checkpoint", manifest.getSha256());
        line(text, "weights", manifest.getWeightsSha256());
        line(text, "corpus", "%s, checkpoint number %s".formatted(corpus, Formatting.count(manifest.getNumber())));
        if (manifest.getRolledBackFrom() != null) {
            line(text, "rolled back", "from " + manifest.getRolledBackFrom());
        }
        SourceRange source = manifest.getSource();
        if (source == null) {
            line(text, "imported", String.valueOf(manifest.getImported()));
            return text.toString();
        }
        line(
                text,
                "tokens",
                "%s to %s of the corpus"
                        .formatted(
                                Formatting.count(source.getFirstPosition()),
                                Formatting.count(source.getEndPosition() - 1)));
        line(
                text,
                "token topic",
                range(
                        topics.of(Topic.TOKENS),
                        source.getTokenPartition(),
                        source.getFirstTokenOffset(),
                        source.getLastTokenOffset()));
        line(
                text,
                "text topic",
                range(
                        topics.of(Topic.TEXT),
                        source.getTextPartition(),
                        source.getFirstTextOffset(),
                        source.getLastTextOffset()));
        if (manifest.getResumeAt() != null) {
            line(
                    text,
                    "resumes at",
                    "offset %d of the token topic, token %d"
                            .formatted(
                                    manifest.getResumeAt().getTokenOffset(),
                                    manifest.getResumeAt().getToken()));
        }
        line(
                text,
                "trained",
                "%s, %s, %s, perplexity %s, on %s with %s"
                        .formatted(
                                Formatting.count(manifest.getStep(), "step"),
                                Formatting.epochs(manifest),
                                Formatting.count(manifest.getTokensTrained(), "token"),
                                Formatting.perplexities(manifest.getPerplexity(), manifest.getValidationPerplexity()),
                                manifest.getDevice(),
                                Formatting.engine(manifest)));
        line(
                text,
                "parent",
                manifest.getParent() == null ? "none: it was trained from the start" : manifest.getParent());
        return text.toString();
    }

    /** Runs of epochs over the same tokens with the same settings. */
    static Table history(Checkpoint checkpoint) {
        Table table = new Table("EPOCHS", "TOKENS", "VOCABULARY", "ENGINE", "THREADS", "SETTINGS");
        List<Span> history = checkpoint.history();
        for (int i = 0; i < history.size(); i++) {
            Span span = history.get(i);
            int last = i + 1 < history.size()
                    ? history.get(i + 1).firstEpoch()
                    : Math.max(
                            span.firstEpoch() + 1,
                            checkpoint.cursor().epoch() + (checkpoint.cursor().insideEpoch() ? 1 : 0));
            table.row(
                    span.firstEpoch() + 1 == last
                            ? Formatting.count(last)
                            : "%s–%s".formatted(Formatting.count(span.firstEpoch() + 1L), Formatting.count(last)),
                    tokens(span, last - span.firstEpoch()),
                    Formatting.count(span.vocabulary()),
                    engine(span),
                    span.threads() == 0 ? "any" : Integer.toString(span.threads()),
                    SettingsInWords.of(SpecConversion.spec(checkpoint.reading(), span.settings())
                            .getTraining()));
        }
        return table;
    }

    /** The engine, or what earlier versions had instead. */
    private static String engine(Span span) {
        return span.engine().map(EngineKind::word).orElse("explicit");
    }

    private static String tokens(Span span, int epochs) {
        SamplingSettings sampling = span.settings().sampling();
        if (sampling.online()) {
            return "%s–%s, once"
                    .formatted(
                            Formatting.count(span.tokens()),
                            Formatting.count(span.tokens() + epochs * sampling.stretch() - 1));
        }
        return "0–%s".formatted(Formatting.count(span.tokens() - 1));
    }

    private static Table parents(List<CheckpointManifest> ancestors) {
        Table table = new Table("CHECKPOINT", "STEP", "EPOCH", "TOKENS", "PERPLEXITY");
        ancestors.forEach(ancestor -> table.row(
                Formatting.shortSha(ancestor.getSha256()),
                Formatting.count(ancestor.getStep()),
                Formatting.count(ancestor.getEpoch()),
                ancestor.getSource() == null
                        ? "-"
                        : Formatting.count(ancestor.getSource().getEndPosition()),
                Formatting.perplexity(ancestor.getPerplexity())));
        return table;
    }

    private static String range(String topic, int partition, long first, long last) {
        return first == last
                ? "%s, partition %d, offset %d".formatted(topic, partition, first)
                : "%s, partition %d, offsets %d to %d".formatted(topic, partition, first, last);
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(String.format(Locale.ROOT, "%-12s %s%n", name, value));
    }

    private static ObjectNode asJson(
            TopicNames topics, CheckpointManifest manifest, Checkpoint checkpoint, List<CheckpointManifest> ancestors) {
        ObjectNode node = JsonOutput.object();
        node.set("checkpoint", JsonOutput.of(manifest));
        node.put("textTopic", topics.of(Topic.TEXT));
        node.put("tokenTopic", topics.of(Topic.TOKENS));
        ArrayNode spans = node.putArray("history");
        checkpoint.history().forEach(span -> {
            ObjectNode entry = spans.addObject();
            entry.put("firstEpoch", span.firstEpoch() + 1);
            entry.put("tokens", span.tokens());
            entry.put("heldOut", span.heldOut());
            entry.put("vocabulary", span.vocabulary());
            entry.put("engine", engine(span));
            entry.put("threads", span.threads());
            entry.set(
                    "training",
                    JsonOutput.of(SpecConversion.spec(checkpoint.reading(), span.settings())
                            .getTraining()));
        });
        ArrayNode parents = node.putArray("ancestors");
        ancestors.forEach(ancestor -> parents.add(ancestor.getSha256()));
        return node;
    }
}
