package io.inkstream.cli.commands;

import io.inkstream.cli.options.ChosenCheckpoint;
import io.inkstream.cli.output.Formatting;
import io.inkstream.cli.output.JsonOutput;
import io.inkstream.cli.output.Screen;
import io.inkstream.client.Checkpoints;
import io.inkstream.client.files.OutputFile;
import io.inkstream.languagemodel.checkpoint.Checkpoint;
import io.inkstream.languagemodel.checkpoint.TensorFile;
import io.inkstream.platform.InkstreamException;
import io.inkstream.schemas.CheckpointManifest;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Writes a checkpoint to a file. */
@Command(
        name = "export",
        description = {
            "Write the newest model of a corpus to a safetensors file. Its checkpoint is verified against its SHA-256.",
            "The parameters have PyTorch's names and layouts: read them with safetensors.torch.load_file and load_state_dict."
        })
public final class ExportCommand extends AuditCommand {

    @Parameters(paramLabel = "FILE.safetensors", description = "The file to write; an existing file is replaced.")
    private Path file;

    @Override
    public Integer call() {
        new OutputFile(file).requireWritable();
        ChosenCheckpoint newest = checkpoint(Checkpoints::newest);
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
        Screen screen = screen();
        if (json()) {
            screen.out().println(JsonOutput.pretty(JsonOutput.of(manifest)));
            return;
        }
        screen.out()
                .println("Wrote the model of checkpoint %s (step %s, epoch %s, perplexity %s) to %s: %s."
                        .formatted(
                                Formatting.shortSha(manifest.getSha256()),
                                Formatting.count(manifest.getStep()),
                                Formatting.count(manifest.getEpoch()),
                                Formatting.perplexity(manifest.getPerplexity()),
                                file,
                                Formatting.bytes(bytes)));
    }
}
