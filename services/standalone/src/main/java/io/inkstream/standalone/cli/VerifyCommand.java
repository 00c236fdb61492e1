package io.inkstream.standalone.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.inkstream.languagemodel.checkpoint.Checkpoint;
import io.inkstream.languagemodel.training.ComputeDevice;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.checkpoints.CheckpointReader;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.topics.Topic;
import io.inkstream.platform.topics.TopicNames;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.ProgressKind;
import io.inkstream.schemas.SourceRange;
import io.inkstream.schemas.TrainingProgress;
import io.inkstream.standalone.client.Checkpoints;
import io.inkstream.standalone.client.TokenLog;
import io.inkstream.standalone.client.TopicScan;
import io.inkstream.standalone.client.Verification;
import io.inkstream.trainer.partitions.CorpusTokens;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Repeats a training and compares. */
@Command(
        name = "verify",
        description = {
            "Train a checkpoint once more from nothing, with the tokens, settings, growth and threads on record, and compare the weights.",
            "Ends with 0 when they are identical and with 1 when not. Bits depend on the kind of CPU: run it on one like the trainer's."
        })
final class VerifyCommand implements Callable<Integer> {

    private static final int DIFFERENT = 1;

    @Spec
    private CommandSpec command;

    @Mixin
    private CorpusOption corpus;

    @Option(
            names = "--checkpoint",
            paramLabel = "SHA",
            description = "The first digits of the checkpoint's SHA-256. Default: the newest.")
    private String sha256;

    @Mixin
    private JsonOption json;

    @Mixin
    private ConnectionOptions connectionOptions;

    @Override
    public Integer call() {
        String name = corpus.corpus();
        Connection connection = connectionOptions.reachableConnection();
        TopicNames topics = connectionOptions.topics();
        Checkpoints checkpoints = Checkpoints.read(connection, topics, name);
        CheckpointManifest manifest = sha256 == null ? checkpoints.newest() : checkpoints.named(sha256);
        SourceRange source = manifest.getSource();
        if (source == null) {
            throw new InkstreamException(
                    "Checkpoint %s was imported (%s): there is no training here that could be repeated."
                            .formatted(Words.shortSha(manifest.getSha256()), manifest.getImported()));
        }
        Checkpoint checkpoint = Checkpoint.read(new CheckpointReader(connection, topics).read(name, manifest));
        if (!json.json()) {
            announce(name, manifest);
        }
        // With online sampling the last input has its target in the record after it.
        CorpusTokens tokens = TokenLog.read(
                connection,
                topics,
                name,
                source.getTokenPartition(),
                manifest.getResumeAt() == null ? source.getLastTokenOffset() : Long.MAX_VALUE - 1);
        Verification verification =
                new Verification(manifest, checkpoints.ancestors(manifest), epochs(connection, topics, name));
        Verification.Outcome outcome = run(verification, tokens, checkpoint, manifest);
        print(outcome, manifest);
        return outcome.difference().isEmpty() ? 0 : DIFFERENT;
    }

    private Verification.Outcome run(
            Verification verification, CorpusTokens tokens, Checkpoint checkpoint, CheckpointManifest manifest) {
        ComputeDevice device = ComputeDevice.open(ComputeDevice.Choice.CPU, checkpoint.threads());
        device.prepareThread();
        StepProgress progress = new StepProgress(Screen.of(command), manifest.getStep(), !json.json());
        try {
            return verification.run(tokens.corpus(), checkpoint, device, progress::done);
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new InkstreamException(
                    "The training of checkpoint %s cannot be repeated: %s."
                            .formatted(Words.shortSha(manifest.getSha256()), e.getMessage()),
                    e);
        }
    }

    private static List<TrainingProgress> epochs(Connection connection, TopicNames topics, String corpus) {
        try (TopicScan<TrainingProgress> scan = new TopicScan<>(connection, topics.of(Topic.PROGRESS))) {
            return scan.of(corpus, progress -> progress.getKind() == ProgressKind.EPOCH);
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
        if (json.json()) {
            screen.out().println(JsonOutput.pretty(asJson(outcome, manifest)));
            return;
        }
        if (outcome.difference().isEmpty()) {
            screen.out()
                    .println("identical: after step %s the weights have the SHA-256 %s. On the way %s agreed."
                            .formatted(
                                    Words.count(outcome.steps()),
                                    manifest.getWeightsSha256(),
                                    Words.count(outcome.compared() - 1, "recorded figure")));
            return;
        }
        Verification.Difference difference = outcome.difference().get();
        screen.out()
                .println(
                        "different: after step %s the weights have the SHA-256 %s, and %s is on record (checkpoint %s)."
                                .formatted(
                                        Words.count(difference.differentAt().getStep()),
                                        difference.replayed(),
                                        difference.recorded(),
                                        Words.shortSha(difference.differentAt().getSha256())));
        screen.out()
                .println(difference
                        .identicalUntil()
                        .map(until -> "They are identical up to step %s (checkpoint %s)."
                                .formatted(Words.count(until.getStep()), Words.shortSha(until.getSha256())))
                        .orElse("No older checkpoint is on record that they could be compared with."));
        difference.differentEpoch().ifPresent(epoch -> screen.out()
                .println("The first epoch with another perplexity is number %s.".formatted(Words.count(epoch))));
    }

    private static ObjectNode asJson(Verification.Outcome outcome, CheckpointManifest manifest) {
        ObjectNode node = JsonOutput.object();
        node.put("checkpoint", manifest.getSha256());
        node.put("identical", outcome.difference().isEmpty());
        node.put("steps", outcome.steps());
        node.put("compared", outcome.compared());
        outcome.difference().ifPresent(difference -> {
            ObjectNode parting = node.putObject("difference");
            parting.put("step", difference.differentAt().getStep());
            parting.put("recordedWeightsSha256", difference.recorded());
            parting.put("replayedWeightsSha256", difference.replayed());
            parting.put(
                    "identicalUntilStep",
                    difference.identicalUntil().map(CheckpointManifest::getStep).orElse(null));
            parting.put("firstDifferentEpoch", difference.differentEpoch().orElse(null));
        });
        return node;
    }
}
