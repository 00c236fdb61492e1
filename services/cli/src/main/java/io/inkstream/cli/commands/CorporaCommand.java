package io.inkstream.cli.commands;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.inkstream.cli.options.ClientOptions;
import io.inkstream.cli.options.JsonOption;
import io.inkstream.cli.output.Formatting;
import io.inkstream.cli.output.JsonOutput;
import io.inkstream.cli.output.Screen;
import io.inkstream.cli.output.Table;
import io.inkstream.client.CorpusState;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.TrainingProgress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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
    private ClientOptions clientOptions;

    @Override
    public Integer call() {
        List<CorpusState> states = clientOptions.client().corpora().states();
        Screen screen = Screen.of(command);
        if (json.json()) {
            screen.out().println(JsonOutput.pretty(json(states)));
        } else if (states.isEmpty()) {
            screen.out().println("There is no corpus yet: 'inkstream produce --corpus NAME FILE' creates one.");
        } else {
            table(states).lines().forEach(screen.out()::println);
        }
        return 0;
    }

    /** One row for each corpus. */
    static Table table(List<CorpusState> states) {
        Table table = new Table("CORPUS", "TOKENS", "VOCABULARY", "STATE", "EPOCH", "PERPLEXITY", "CHECKPOINT");
        for (CorpusState state : states) {
            Optional<TrainingProgress> progress = state.progress();
            Optional<CheckpointManifest> checkpoint = state.newestCheckpoint();
            table.row(
                    state.corpus(),
                    Formatting.count(state.tokens()),
                    Formatting.count(vocabularySize(state)),
                    stateInWords(state),
                    progress.map(CorporaCommand::epochs).orElse("-"),
                    perplexities(progress, checkpoint),
                    checkpoint
                            .map(manifest -> Formatting.shortSha(manifest.getSha256()))
                            .orElse("-"));
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
            object.set("spec", JsonOutput.of(state.spec()));
            object.set("progress", JsonOutput.of(state.progress()));
            object.set("checkpoint", JsonOutput.of(state.newestCheckpoint()));
        }
        return array;
    }

    /** Of the text or, for an imported model, of its checkpoint. */
    private static int vocabularySize(CorpusState state) {
        return state.lastBlock().isPresent()
                ? state.vocabularySize()
                : state.newestCheckpoint()
                        .map(CheckpointManifest::getVocabularySize)
                        .orElse(0);
    }

    private static String stateInWords(CorpusState state) {
        if (state.progress().isPresent()) {
            return state.progress().get().getState().name().toLowerCase(Locale.ROOT);
        }
        if (state.newestCheckpoint().map(CheckpointManifest::getImported).isPresent()) {
            return "imported";
        }
        return state.spec().map(CorpusSpec::getTraining).isPresent() ? "not begun" : "not trained";
    }

    private static String epochs(TrainingProgress progress) {
        return "%s/%s"
                .formatted(
                        Formatting.count(progress.getEpoch()),
                        Formatting.count(progress.getEpoch() + progress.getEpochsLeft()));
    }

    private static String perplexities(Optional<TrainingProgress> progress, Optional<CheckpointManifest> checkpoint) {
        return progress.map(training ->
                        Formatting.perplexities(training.getPerplexity(), training.getValidationPerplexity()))
                .orElseGet(() -> Formatting.perplexity(
                        checkpoint.map(CheckpointManifest::getPerplexity).orElse(null)));
    }
}
