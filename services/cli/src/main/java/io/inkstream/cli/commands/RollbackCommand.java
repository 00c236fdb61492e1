package io.inkstream.cli.commands;

import io.inkstream.cli.output.Formatting;
import io.inkstream.cli.output.JsonOutput;
import io.inkstream.cli.output.Screen;
import io.inkstream.client.InkstreamClient;
import io.inkstream.client.operations.Rollback;
import io.inkstream.launcher.commandline.OptionChecks;
import io.inkstream.schemas.CheckpointManifest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes an older checkpoint current. */
@Command(
        name = "rollback",
        description = {
            "Make an older checkpoint of a corpus current again: the generator serves it, and training resumes from it.",
            "It becomes a new record on the models topic; nothing is deleted. Training waits until 'inkstream train' publishes settings again."
        })
public final class RollbackCommand extends AuditCommand {

    @Option(
            names = "--to",
            paramLabel = "SHA",
            required = true,
            description = "The first digits of the checkpoint's SHA-256, as 'inkstream checkpoints' lists it.")
    private String to;

    @Override
    public Integer call() {
        String name = corpus();
        new OptionChecks(command())
                .require(to.matches("[0-9a-fA-F]{4,64}"), "--to must be 4 to 64 hexadecimal digits, not '%s'", to);
        InkstreamClient client = client();
        CheckpointManifest current = new Rollback(client.connection(), client.topics()).to(name, to);
        Screen screen = screen();
        if (json()) {
            screen.out().println(JsonOutput.pretty(JsonOutput.of(current)));
            return 0;
        }
        screen.out()
                .println("Checkpoint %s (step %s, epoch %s, perplexity %s) is current for '%s' again, in place of %s."
                        .formatted(
                                Formatting.shortSha(current.getSha256()),
                                Formatting.count(current.getStep()),
                                Formatting.count(current.getEpoch()),
                                Formatting.perplexity(current.getPerplexity()),
                                name,
                                Formatting.shortSha(current.getRolledBackFrom())));
        screen.out().println("Training waits; 'inkstream train --corpus %s …' resumes it from there.".formatted(name));
        return 0;
    }
}
