package io.inkstream.cli.commands;

import io.inkstream.cli.options.AuditOptions;
import io.inkstream.cli.output.JsonOutput;
import io.inkstream.cli.output.Screen;
import io.inkstream.cli.output.Words;
import io.inkstream.client.InkstreamClient;
import io.inkstream.client.operations.Rollback;
import io.inkstream.launcher.commandline.Values;
import io.inkstream.schemas.CheckpointManifest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes an older checkpoint current. */
@Command(
        name = "rollback",
        description = {
            "Make an older checkpoint of a corpus current again: the generator serves it, and training goes on from it.",
            "It becomes a new entry of the models topic; nothing is erased. Training waits until 'inkstream train' publishes settings again."
        })
public final class RollbackCommand implements Callable<Integer> {

    @Spec
    private CommandSpec command;

    @Mixin
    private AuditOptions audit;

    @Option(
            names = "--to",
            paramLabel = "SHA",
            required = true,
            description = "The first digits of the checkpoint's SHA-256, as 'inkstream checkpoints' lists it.")
    private String to;

    @Override
    public Integer call() {
        String name = audit.corpus();
        new Values(command)
                .require(to.matches("[0-9a-fA-F]{4,64}"), "--to must be 4 to 64 hexadecimal digits, not '%s'", to);
        InkstreamClient client = audit.client();
        CheckpointManifest current = new Rollback(client.connection(), client.topics()).to(name, to);
        Screen screen = Screen.of(command);
        if (audit.json()) {
            screen.out().println(JsonOutput.pretty(JsonOutput.of(current)));
            return 0;
        }
        screen.out()
                .println(
                        "Checkpoint %s (step %s, epoch %s, perplexity %s) is the current one of '%s' again; until now it was %s."
                                .formatted(
                                        Words.shortSha(current.getSha256()),
                                        Words.count(current.getStep()),
                                        Words.count(current.getEpoch()),
                                        Words.perplexity(current.getPerplexity()),
                                        name,
                                        Words.shortSha(current.getRolledBackFrom())));
        screen.out()
                .println("Training waits; 'inkstream train --corpus %s …' lets it go on from there.".formatted(name));
        return 0;
    }
}
