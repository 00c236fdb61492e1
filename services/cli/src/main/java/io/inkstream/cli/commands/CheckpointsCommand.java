package io.inkstream.cli.commands;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.inkstream.cli.options.AuditOptions;
import io.inkstream.cli.output.JsonOutput;
import io.inkstream.cli.output.Screen;
import io.inkstream.cli.output.Table;
import io.inkstream.cli.output.Words;
import io.inkstream.client.Checkpoints;
import io.inkstream.corpuslog.checkpoints.CheckpointSlots;
import io.inkstream.schemas.CheckpointManifest;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Lists checkpoints. */
@Command(
        name = "checkpoints",
        description = {
            "List the checkpoints of a corpus that the topics still tell of, the newest last and marked with *.",
            "Slots of the ring are written again in turn: what lay there is gone. Those from 1024 on are kept."
        })
public final class CheckpointsCommand implements Callable<Integer> {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    @Spec
    private CommandSpec command;

    @Mixin
    private AuditOptions audit;

    @Override
    public Integer call() {
        Checkpoints checkpoints = audit.checkpoint(Checkpoints::newest).all();
        Screen screen = Screen.of(command);
        if (audit.json()) {
            ArrayNode array = JsonOutput.array();
            checkpoints
                    .manifests()
                    .forEach(checkpoint ->
                            array.add(JsonOutput.of(checkpoint).put("whole", checkpoints.isThere(checkpoint))));
            screen.out().println(JsonOutput.pretty(array));
        } else {
            table(checkpoints, ZoneId.systemDefault()).lines().forEach(screen.out()::println);
        }
        return 0;
    }

    /** Oldest first; the last row is the newest. */
    static Table table(Checkpoints listed, ZoneId zone) {
        List<CheckpointManifest> checkpoints = listed.manifests();
        Table table = new Table("", "CHECKPOINT", "STEP", "EPOCH", "PERPLEXITY", "SLOT", "SIZE", "CREATED");
        for (int i = 0; i < checkpoints.size(); i++) {
            CheckpointManifest checkpoint = checkpoints.get(i);
            table.row(
                    i == checkpoints.size() - 1 ? "*" : " ",
                    Words.shortSha(checkpoint.getSha256()),
                    Words.count(checkpoint.getStep()),
                    Words.count(checkpoint.getEpoch()),
                    Words.perplexities(checkpoint.getPerplexity(), checkpoint.getValidationPerplexity()),
                    slot(listed, checkpoint),
                    Words.bytes(checkpoint.getBytes()),
                    TIME.format(checkpoint.getCreatedAt().atZone(zone)));
        }
        return table;
    }

    private static String slot(Checkpoints listed, CheckpointManifest checkpoint) {
        if (!listed.isThere(checkpoint)) {
            return "gone";
        }
        return CheckpointSlots.keeps(checkpoint.getSlot()) ? "kept" : Integer.toString(checkpoint.getSlot());
    }
}
