package io.inkstream.cli.commands;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.inkstream.cli.options.AuditOptions;
import io.inkstream.cli.options.CheckpointOption;
import io.inkstream.cli.options.ChosenCheckpoint;
import io.inkstream.cli.output.JsonOutput;
import io.inkstream.cli.output.Screen;
import io.inkstream.cli.output.StepProgress;
import io.inkstream.cli.output.Words;
import io.inkstream.client.InkstreamClient;
import io.inkstream.client.operations.Verification;
import io.inkstream.corpuslog.tokens.CorpusTokens;
import io.inkstream.corpuslog.tokens.TokenLog;
import io.inkstream.languagemodel.checkpoint.Checkpoint;
import io.inkstream.languagemodel.training.ComputeDevice;
import io.inkstream.platform.InkstreamException;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.SourceRange;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Repeats a training and compares. */
@Command(
        name = "verify",
        description = {
            "Train a checkpoint once more from nothing, with the tokens, settings, growth and threads on record, and compare the weights.",
            "If they differ, the first step with another loss is named.",
            "Ends with 0 when they are identical and with 1 when not. Bits depend on the kind of CPU: run it on one like the trainer's."
        })
public final class VerifyCommand implements Callable<Integer> {

    private static final int DIFFERENT = 1;

    @Spec
    private CommandSpec command;

    @Mixin
    private AuditOptions audit;

    @Mixin
    private CheckpointOption checkpointOption;

    @Override
    public Integer call() {
        ChosenCheckpoint chosen = checkpointOption.of(audit);
        CheckpointManifest manifest = chosen.manifest();
        SourceRange source = manifest.getSource();
        if (source == null) {
            throw new InkstreamException(
                    "Checkpoint %s was imported (%s): there is no training here that could be repeated."
                            .formatted(Words.shortSha(manifest.getSha256()), manifest.getImported()));
        }
        Checkpoint checkpoint = chosen.read();
        if (!audit.json()) {
            announce(audit.corpus(), manifest);
        }
        InkstreamClient client = chosen.client();
        // With online sampling the last input has its target in the record after it.
        CorpusTokens tokens = TokenLog.read(
                client.connection(),
                client.topics(),
                audit.corpus(),
                source.getTokenPartition(),
                manifest.getResumeAt() == null ? source.getLastTokenOffset() : Long.MAX_VALUE - 1);
        Verification verification =
                new Verification(manifest, checkpoint, chosen.ancestors(), client.completedEpochs(audit.corpus()));
        Verification.Outcome outcome = run(verification, tokens, checkpoint, manifest);
        print(outcome, manifest);
        return outcome.weights().isEmpty() ? 0 : DIFFERENT;
    }

    private Verification.Outcome run(
            Verification verification, CorpusTokens tokens, Checkpoint checkpoint, CheckpointManifest manifest) {
        ComputeDevice device = ComputeDevice.open(ComputeDevice.Choice.CPU, checkpoint.threads());
        device.prepareThread();
        StepProgress progress = new StepProgress(Screen.of(command), manifest.getStep(), !audit.json());
        try {
            return verification.run(tokens.corpus(), device, progress::done);
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new InkstreamException(
                    "The training of checkpoint %s cannot be repeated: %s."
                            .formatted(Words.shortSha(manifest.getSha256()), e.getMessage()),
                    e);
        }
    }

    private void announce(String name, CheckpointManifest manifest) {
        Screen screen = Screen.of(command);
        screen.out()
                .println("Training checkpoint %s of '%s' again: %s, %s, on tokens 0 to %s, with %s."
                        .formatted(
                                Words.shortSha(manifest.getSha256()),
                                name,
                                Words.count(manifest.getStep(), "step"),
                                Words.epochs(manifest),
                                Words.count(manifest.getSource().getEndPosition() - 1),
                                Words.count(manifest.getThreads(), "thread")));
        if (!manifest.getDevice().equals("cpu")) {
            screen.out()
                    .println(
                            "It was trained on %s, where sums may be ordered differently: here they are done on the CPU."
                                    .formatted(manifest.getDevice()));
        }
    }

    private void print(Verification.Outcome outcome, CheckpointManifest manifest) {
        Screen screen = Screen.of(command);
        if (audit.json()) {
            screen.out().println(JsonOutput.pretty(asJson(outcome, manifest)));
            return;
        }
        if (outcome.weights().isEmpty()) {
            screen.out()
                    .println("identical: after step %s the weights have the SHA-256 %s. On the way %s agreed."
                            .formatted(
                                    Words.count(outcome.steps()),
                                    manifest.getWeightsSha256(),
                                    Words.count(outcome.agreed() - 1, "recorded figure")));
        } else {
            print(outcome.weights().get(), screen.out());
        }
        outcome.loss().ifPresent(loss -> screen.out()
                .println("The first step that differs is number %s: its loss is %s on record, and %s here."
                        .formatted(Words.count(loss.step()), loss.recorded(), loss.replayed())));
        outcome.epoch().ifPresent(epoch -> screen.out()
                .println("The first epoch with another perplexity is number %s.".formatted(Words.count(epoch))));
        if (outcome.weights().isPresent() && outcome.loss().isEmpty()) {
            screen.out().println("No step before it has another loss on record.");
        }
    }

    private static void print(Verification.DifferentWeights weights, PrintWriter out) {
        CheckpointManifest at = weights.at();
        out.println("different: after step %s the weights have the SHA-256 %s, and %s is on record (checkpoint %s)."
                .formatted(
                        Words.count(at.getStep()),
                        weights.replayed(),
                        at.getWeightsSha256(),
                        Words.shortSha(at.getSha256())));
        out.println(weights.identicalUntil()
                .map(until -> "They are identical up to step %s (checkpoint %s)."
                        .formatted(Words.count(until.getStep()), Words.shortSha(until.getSha256())))
                .orElse("No older checkpoint is on record that they could be compared with."));
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
