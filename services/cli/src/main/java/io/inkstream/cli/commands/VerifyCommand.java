package io.inkstream.cli.commands;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.inkstream.cli.options.CheckpointOption;
import io.inkstream.cli.options.ChosenCheckpoint;
import io.inkstream.cli.output.Formatting;
import io.inkstream.cli.output.JsonOutput;
import io.inkstream.cli.output.Screen;
import io.inkstream.cli.output.StepProgress;
import io.inkstream.client.InkstreamClient;
import io.inkstream.client.operations.Verification;
import io.inkstream.corpuslog.tokens.CorpusTokens;
import io.inkstream.corpuslog.tokens.TokenLog;
import io.inkstream.languagemodel.checkpoint.Checkpoint;
import io.inkstream.languagemodel.engine.EngineSettings;
import io.inkstream.languagemodel.training.Engines;
import io.inkstream.platform.InkstreamException;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.SourceRange;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Repeats a training and compares. */
@Command(
        name = "verify",
        description = {
            "Train a checkpoint again from the start, with its recorded tokens, settings, growth, engines and threads, and compare the weights.",
            "If they differ, the first step with a different loss is reported.",
            "Exits with 0 if they are identical, and with 1 if not. With the pytorch engine the bits depend on the kind of CPU: use one like the trainer's."
        })
public final class VerifyCommand extends AuditCommand {

    private static final int DIFFERENT = 1;

    @Mixin
    private CheckpointOption checkpointOption;

    @Override
    public Integer call() {
        ChosenCheckpoint chosen = checkpoint(checkpointOption::of);
        CheckpointManifest manifest = chosen.manifest();
        SourceRange source = manifest.getSource();
        if (source == null) {
            throw new InkstreamException(
                    "Checkpoint %s was imported (%s): its training is not in the topics and cannot be repeated."
                            .formatted(Formatting.shortSha(manifest.getSha256()), manifest.getImported()));
        }
        Checkpoint checkpoint = chosen.read();
        if (!json()) {
            announce(corpus(), manifest);
        }
        InkstreamClient client = chosen.client();
        // With online sampling the last input has its target in the record after it.
        CorpusTokens tokens = TokenLog.read(
                client.connection(),
                client.topics(),
                corpus(),
                source.getTokenPartition(),
                manifest.getResumeAt() == null ? source.getLastTokenOffset() : Long.MAX_VALUE - 1);
        Verification verification =
                new Verification(manifest, checkpoint, chosen.ancestors(), client.completedEpochs(corpus()));
        Verification.Outcome outcome = run(verification, tokens, manifest);
        print(outcome, manifest);
        return outcome.weights().isEmpty() ? 0 : DIFFERENT;
    }

    private Verification.Outcome run(Verification verification, CorpusTokens tokens, CheckpointManifest manifest) {
        Engines engines = new Engines(EngineSettings.cpu(0)); // each epoch has the threads that it had
        StepProgress progress = new StepProgress(screen(), manifest.getStep(), !json());
        try {
            return verification.run(tokens.corpus(), engines, progress::done);
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new InkstreamException(
                    "The training of checkpoint %s cannot be repeated: %s."
                            .formatted(Formatting.shortSha(manifest.getSha256()), e.getMessage()),
                    e);
        }
    }

    private void announce(String name, CheckpointManifest manifest) {
        Screen screen = screen();
        screen.out()
                .println("Training checkpoint %s of '%s' again: %s, %s, on tokens 0 to %s, with %s."
                        .formatted(
                                Formatting.shortSha(manifest.getSha256()),
                                name,
                                Formatting.count(manifest.getStep(), "step"),
                                Formatting.epochs(manifest),
                                Formatting.count(manifest.getSource().getEndPosition() - 1),
                                Formatting.engine(manifest)));
        if (!manifest.getDevice().equals("cpu")) {
            screen.out()
                    .println("It was trained on %s, where sums may be ordered differently: this run uses the CPU."
                            .formatted(manifest.getDevice()));
        }
    }

    private void print(Verification.Outcome outcome, CheckpointManifest manifest) {
        Screen screen = screen();
        if (json()) {
            screen.out().println(JsonOutput.pretty(asJson(outcome, manifest)));
            return;
        }
        if (outcome.weights().isEmpty()) {
            screen.out()
                    .println("identical: after step %s the weights have the SHA-256 %s. %s matched."
                            .formatted(
                                    Formatting.count(outcome.steps()),
                                    manifest.getWeightsSha256(),
                                    Formatting.count(outcome.agreed() - 1, "recorded figure")));
        } else {
            print(outcome.weights().get(), screen.out());
        }
        outcome.loss().ifPresent(loss -> screen.out()
                .println("The first step that differs is %s: its recorded loss is %s, and it is %s here."
                        .formatted(Formatting.count(loss.step()), loss.recorded(), loss.replayed())));
        outcome.epoch().ifPresent(epoch -> screen.out()
                .println("The first epoch with a different perplexity is %s.".formatted(Formatting.count(epoch))));
        if (outcome.weights().isPresent() && outcome.loss().isEmpty()) {
            screen.out().println("No earlier step has a different recorded loss.");
        }
    }

    private static void print(Verification.DifferentWeights weights, PrintWriter out) {
        CheckpointManifest at = weights.at();
        out.println("different: after step %s the weights have the SHA-256 %s, but %s is recorded (checkpoint %s)."
                .formatted(
                        Formatting.count(at.getStep()),
                        weights.replayed(),
                        at.getWeightsSha256(),
                        Formatting.shortSha(at.getSha256())));
        out.println(weights.identicalUntil()
                .map(until -> "They are identical up to step %s (checkpoint %s)."
                        .formatted(Formatting.count(until.getStep()), Formatting.shortSha(until.getSha256())))
                .orElse("There is no older checkpoint to compare them with."));
    }

    private static ObjectNode asJson(Verification.Outcome outcome, CheckpointManifest manifest) {
        ObjectNode node = JsonOutput.object();
        node.put("checkpoint", manifest.getSha256());
        node.put("identical", outcome.weights().isEmpty());
        node.put("steps", outcome.steps());
        node.put("agreed", outcome.agreed());
        outcome.weights().ifPresent(weights -> {
            ObjectNode different = node.putObject("differentWeights");
            different.put("step", weights.at().getStep());
            different.put("recordedSha256", weights.at().getWeightsSha256());
            different.put("replayedSha256", weights.replayed());
            different.put(
                    "identicalUntilStep",
                    weights.identicalUntil().map(CheckpointManifest::getStep).orElse(null));
        });
        outcome.loss().ifPresent(loss -> {
            ObjectNode different = node.putObject("differentLoss");
            different.put("step", loss.step());
            different.put("recorded", loss.recorded());
            different.put("replayed", loss.replayed());
        });
        outcome.epoch().ifPresent(epoch -> node.put("differentEpoch", epoch));
        return node;
    }
}
