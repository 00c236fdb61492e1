package io.inkstream.cli.commands;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.inkstream.cli.options.ClientOptions;
import io.inkstream.cli.options.JsonOption;
import io.inkstream.cli.output.JsonOutput;
import io.inkstream.cli.output.Screen;
import io.inkstream.cli.output.WatchDisplay;
import io.inkstream.client.InkstreamClient;
import io.inkstream.client.ProgressFeed;
import io.inkstream.schemas.TrainingProgress;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows how training goes. */
@Command(
        name = "watch",
        description = "Show training progress until Ctrl-C. With --json, print each progress record as a line.")
public final class WatchCommand implements Callable<Integer> {

    private static final Duration POLL = Duration.ofMillis(250);

    @Spec
    private CommandSpec command;

    @Option(names = "--corpus", paramLabel = "NAME", description = "Show only this corpus. Default: all.")
    private @Nullable String corpus;

    @Option(names = "--once", fallbackValue = "true", description = "Show the current state and exit.")
    private boolean once;

    @Mixin
    private JsonOption json;

    @Mixin
    private ClientOptions clientOptions;

    @Override
    public Integer call() {
        InkstreamClient client = clientOptions.client();
        Screen screen = Screen.of(command);
        WatchDisplay display = new WatchDisplay(screen);
        // From before the present state is read, so that nothing falls in between.
        try (ProgressFeed feed = client.progress()) {
            client.corpora().states().stream()
                    .filter(state -> isWanted(state.corpus()))
                    .forEach(state ->
                            state.progress().ifPresent(progress -> take(screen, display, state.corpus(), progress)));
            refresh(display);
            while (!once) {
                feed.poll(POLL).stream()
                        .filter(news -> isWanted(news.corpus()))
                        .forEach(news -> take(screen, display, news.corpus(), news.progress()));
                refresh(display);
            }
            if (!json.json() && display.isEmpty()) {
                screen.out().println("Nothing is being trained: 'inkstream train --corpus NAME' starts a training.");
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
