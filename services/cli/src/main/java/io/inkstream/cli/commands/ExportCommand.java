package io.inkstream.cli.commands;

import io.inkstream.cli.options.AuditOptions;
import io.inkstream.cli.options.ChosenCheckpoint;
import io.inkstream.cli.output.JsonOutput;
import io.inkstream.cli.output.Screen;
import io.inkstream.cli.output.Words;
import io.inkstream.client.Checkpoints;
import io.inkstream.client.files.OutputFile;
import io.inkstream.languagemodel.checkpoint.Checkpoint;
import io.inkstream.languagemodel.checkpoint.TensorFile;
import io.inkstream.platform.InkstreamException;
import io.inkstream.schemas.CheckpointManifest;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes a checkpoint to a file. */
@Command(
        name = "export",
        description = {
            "Write the newest model of a corpus to a safetensors file; its checkpoint is verified against its SHA-256.",
            "The parameters have PyTorch's names and layouts: safetensors.torch.load_file opens them, load_state_dict takes them."
        })
public final class ExportCommand implements Callable<Integer> {

    @Spec
    private CommandSpec command;

    @Mixin
    private AuditOptions audit;

    @Parameters(paramLabel = "FILE.safetensors", description = "Where to write it; an older file is replaced.")
    private Path file;

    @Override
    public Integer call() {
        new OutputFile(file).requireWritable();
        ChosenCheckpoint newest = audit.checkpoint(Checkpoints::newest);
        CheckpointManifest manifest = newest.manifest();
        TensorFile model = model(newest.read(), manifest);
        new OutputFile(file).write(model::writeTo);
        print(manifest, model.bytes());
        return 0;
    }

    private TensorFile model(Checkpoint checkpoint, CheckpointManifest manifest) {
        try {
            return checkpoint.modelFile(manifest.getSha256());
        } catch (IllegalArgumentException e) {
            throw new InkstreamException(
                    "Checkpoint %s cannot be exported. %s.".formatted(manifest.getSha256(), e.getMessage()), e);
        }
    }

    private void print(CheckpointManifest manifest, long bytes) {
        Screen screen = Screen.of(command);
        if (audit.json()) {
            screen.out().println(JsonOutput.pretty(JsonOutput.of(manifest)));
            return;
        }
        screen.out()
                .println("Wrote the model of checkpoint %s (step %s, epoch %s, perplexity %s) to %s: %s."
                        .formatted(
                                Words.shortSha(manifest.getSha256()),
                                Words.count(manifest.getStep()),
                                Words.count(manifest.getEpoch()),
                                Words.perplexity(manifest.getPerplexity()),
                                file,
                                Words.bytes(bytes)));
    }
}
