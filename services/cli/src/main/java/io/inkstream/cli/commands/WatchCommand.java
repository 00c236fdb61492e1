package io.inkstream.cli.commands;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.inkstream.cli.options.JsonOption;
import io.inkstream.cli.output.JsonOutput;
import io.inkstream.cli.output.Screen;
import io.inkstream.cli.output.WatchDisplay;
import io.inkstream.client.Corpora;
import io.inkstream.client.CorpusState;
import io.inkstream.client.ProgressFeed;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.launcher.options.ConnectionOptions;
import io.inkstream.platform.config.Connection;
import io.inkstream.schemas.TrainingProgress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows how training goes. */
@Command(
        name = "watch",
        description = "Show how training goes, until Ctrl-C. With --json, every progress record is a line.")
public final class WatchCommand implements Callable<Integer> {

    private static final Duration POLL = Duration.ofMillis(250);

    @Spec
    private CommandSpec command;

    @Option(names = "--corpus", paramLabel = "NAME", description = "Only this corpus. Default: all.")
    private String corpus;

    @Option(names = "--once", fallbackValue = "true", description = "Show the present state and end.")
    private boolean once;

    @Mixin
    private JsonOption json;

    @Mixin
    private ConnectionOptions connectionOptions;

    @Override
    public Integer call() {
        TopicNames topics = connectionOptions.topics();
        Connection connection = connectionOptions.reachableConnection();
        Screen screen = Screen.of(command);
        WatchDisplay display = new WatchDisplay(screen);
        // From before the present state is read, so that nothing falls in between.
        try (ProgressFeed feed = new ProgressFeed(connection, topics)) {
            List<CorpusState> states = new Corpora(connection, topics).states();
            states.stream()
                    .filter(state -> state.progress() != null && isWanted(state.corpus()))
                    .forEach(state -> take(screen, display, state.corpus(), state.progress()));
            refresh(display);
            while (!once) {
                feed.poll(POLL).stream()
                        .filter(news -> isWanted(news.corpus()))
                        .forEach(news -> take(screen, display, news.corpus(), news.progress()));
                refresh(display);
            }
            if (!json.json() && display.isEmpty()) {
                screen.out().println("Nothing is being trained: 'inkstream train --corpus NAME' begins.");
            }
        }
        return 0;
    }

    private boolean isWanted(String name) {
        return corpus == null || corpus.equals(name);
    }

    private void take(Screen screen, WatchDisplay display, String name, TrainingProgress progress) {
        if (json.json()) {
            ObjectNode line = JsonOutput.object().put("corpus", name);
            line.setAll(JsonOutput.of(progress));
            screen.out().println(JsonOutput.line(line));
        } else {
            display.add(name, progress);
        }
    }

    private void refresh(WatchDisplay display) {
        if (!json.json()) {
            display.refresh();
        }
    }
}
