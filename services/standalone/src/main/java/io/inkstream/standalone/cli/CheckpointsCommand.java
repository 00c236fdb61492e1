package io.inkstream.standalone.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.inkstream.platform.InkstreamException;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.standalone.client.Corpora;
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
            "List the checkpoints of a corpus that the models topic still tells of, the newest last and marked with *.",
            "Compaction takes older ones away, and their slots in the checkpoints topic are used again."
        })
final class CheckpointsCommand implements Callable<Integer> {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    @Spec
    private CommandSpec command;

    @Mixin
    private CorpusOption corpus;

    @Mixin
    private JsonOption json;

    @Mixin
    private ConnectionOptions connectionOptions;

    @Override
    public Integer call() {
        String name = corpus.corpus();
        List<CheckpointManifest> checkpoints =
                new Corpora(connectionOptions.reachableConnection(), connectionOptions.topics()).checkpoints(name);
        if (checkpoints.isEmpty()) {
            throw new InkstreamException(
                    "Corpus '%s' has no checkpoint yet: 'inkstream corpora' lists what there is.".formatted(name));
        }
        Screen screen = Screen.of(command);
        if (json.json()) {
            ArrayNode array = JsonOutput.array();
            checkpoints.forEach(checkpoint -> array.add(JsonOutput.of(checkpoint)));
            screen.out().println(JsonOutput.pretty(array));
        } else {
            table(checkpoints, ZoneId.systemDefault()).lines().forEach(screen.out()::println);
        }
        return 0;
    }

    /** Oldest first; the last row is the newest. */
    static Table table(List<CheckpointManifest> checkpoints, ZoneId zone) {
        Table table = new Table("", "CHECKPOINT", "STEP", "EPOCH", "PERPLEXITY", "SLOT", "SIZE", "CREATED");
        for (int i = 0; i < checkpoints.size(); i++) {
            CheckpointManifest checkpoint = checkpoints.get(i);
            table.row(
                    i == checkpoints.size() - 1 ? "*" : " ",
                    Words.shortSha(checkpoint.getSha256()),
                    Words.count(checkpoint.getStep()),
                    Words.count(checkpoint.getEpoch()),
                    Words.perplexities(checkpoint.getPerplexity(), checkpoint.getValidationPerplexity()),
                    Integer.toString(checkpoint.getSlot()),
                    Words.bytes(checkpoint.getBytes()),
                    TIME.format(checkpoint.getCreatedAt().atZone(zone)));
        }
        return table;
    }
}
