package io.inkstream.cli.commands;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.inkstream.cli.options.JsonOption;
import io.inkstream.cli.output.JsonOutput;
import io.inkstream.cli.output.Screen;
import io.inkstream.cli.output.Table;
import io.inkstream.cli.output.Words;
import io.inkstream.client.Corpora;
import io.inkstream.client.CorpusState;
import io.inkstream.launcher.options.ConnectionOptions;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.TrainingProgress;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Lists the corpora. */
@Command(name = "corpora", description = "List the corpora: tokens, vocabulary, training and newest checkpoint.")
public final class CorporaCommand implements Callable<Integer> {

    @Spec
    private CommandSpec command;

    @Mixin
    private JsonOption json;

    @Mixin
    private ConnectionOptions connectionOptions;

    @Override
    public Integer call() {
        List<CorpusState> states =
                new Corpora(connectionOptions.reachableConnection(), connectionOptions.topics()).states();
        Screen screen = Screen.of(command);
        if (json.json()) {
            screen.out().println(JsonOutput.pretty(json(states)));
        } else if (states.isEmpty()) {
            screen.out().println("There is no corpus yet: 'inkstream produce --corpus NAME FILE' makes one.");
        } else {
            table(states).lines().forEach(screen.out()::println);
        }
        return 0;
    }

    /** The rows, of which the state is the trainer's word for it. */
    static Table table(List<CorpusState> states) {
        Table table = new Table("CORPUS", "TOKENS", "VOCABULARY", "STATE", "EPOCH", "PERPLEXITY", "CHECKPOINT");
        for (CorpusState state : states) {
            TrainingProgress progress = state.progress();
            CheckpointManifest checkpoint = state.newestCheckpoint();
            table.row(
                    state.corpus(),
                    Words.count(state.tokens()),
                    Words.count(
                            state.lastBlock() == null && checkpoint != null
                                    ? checkpoint.getVocabularySize()
                                    : state.vocabularySize()),
                    stateInWords(state),
                    progress == null
                            ? "-"
                            : "%s/%s"
                                    .formatted(
                                            Words.count(progress.getEpoch()),
                                            Words.count(progress.getEpoch() + progress.getEpochsLeft())),
                    perplexities(progress, checkpoint),
                    checkpoint == null ? "-" : Words.shortSha(checkpoint.getSha256()));
        }
        return table;
    }

    private static ArrayNode json(List<CorpusState> states) {
        ArrayNode array = JsonOutput.array();
        for (CorpusState state : states) {
            ObjectNode object = array.addObject();
            object.put("corpus", state.corpus());
            object.put("tokens", state.tokens());
            object.put("vocabulary", state.vocabularySize());
            object.put("state", stateInWords(state));
            object.set("spec", state.spec() == null ? null : JsonOutput.of(state.spec()));
            object.set("progress", state.progress() == null ? null : JsonOutput.of(state.progress()));
            object.set("checkpoint", state.newestCheckpoint() == null ? null : JsonOutput.of(state.newestCheckpoint()));
        }
        return array;
    }

    private static String stateInWords(CorpusState state) {
        if (state.progress() != null) {
            return state.progress().getState().name().toLowerCase(Locale.ROOT);
        }
        if (state.newestCheckpoint() != null && state.newestCheckpoint().getImported() != null) {
            return "imported";
        }
        return state.spec() == null || state.spec().getTraining() == null ? "not trained" : "not begun";
    }

    private static String perplexities(TrainingProgress progress, CheckpointManifest checkpoint) {
        if (progress != null) {
            return Words.perplexities(progress.getPerplexity(), progress.getValidationPerplexity());
        }
        return Words.perplexity(checkpoint == null ? null : checkpoint.getPerplexity());
    }
}
