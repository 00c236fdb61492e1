package io.inkstream.cli.commands;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.inkstream.cli.output.Formatting;
import io.inkstream.cli.output.JsonOutput;
import io.inkstream.cli.output.Screen;
import io.inkstream.cli.output.Table;
import io.inkstream.client.Checkpoints;
import io.inkstream.corpuslog.checkpoints.CheckpointSlots;
import io.inkstream.schemas.CheckpointManifest;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import picocli.CommandLine.Command;

/** Lists checkpoints. */
@Command(
        name = "checkpoints",
        description = {
            "List the checkpoints of a corpus that the topics hold, the newest last and marked with *.",
            "The slots of the ring are overwritten in turn: 'gone' marks an overwritten checkpoint, 'kept' one that stays for good."
        })
public final class CheckpointsCommand extends AuditCommand {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    @Override
    public Integer call() {
        Checkpoints checkpoints = checkpoint(Checkpoints::newest).all();
        Screen screen = screen();
        if (json()) {
            ArrayNode array = JsonOutput.array();
            checkpoints
                    .manifests()
                    .forEach(checkpoint ->
                            array.add(JsonOutput.of(checkpoint).put("whole", checkpoints.isReadable(checkpoint))));
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
                    Formatting.shortSha(checkpoint.getSha256()),
                    Formatting.count(checkpoint.getStep()),
                    Formatting.count(checkpoint.getEpoch()),
                    Formatting.perplexities(checkpoint.getPerplexity(), checkpoint.getValidationPerplexity()),
                    slot(listed, checkpoint),
                    Formatting.bytes(checkpoint.getBytes()),
                    TIME.format(checkpoint.getCreatedAt().atZone(zone)));
        }
        return table;
    }

    private static String slot(Checkpoints listed, CheckpointManifest checkpoint) {
        if (!listed.isReadable(checkpoint)) {
            return "gone";
        }
        return CheckpointSlots.keeps(checkpoint.getSlot()) ? "kept" : Integer.toString(checkpoint.getSlot());
    }
}
