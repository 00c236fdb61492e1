package io.inkstream.cli.output;

import io.inkstream.client.TrainingView;
import io.inkstream.schemas.TrainingProgress;
import io.inkstream.schemas.TrainingState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One line for each corpus: in place on a terminal, otherwise a new line whenever its state or the tenth of its training changes. */
public final class WatchDisplay {

    private static final int STEPS = 10;
    private static final int WIDE = 200;

    private final Screen screen;
    private final LiveLines live;
    private final Map<String, TrainingView> views = new TreeMap<>();
    private final Map<String, String> shown = new HashMap<>();
    private boolean changed;

    public WatchDisplay(Screen screen) {
        this.screen = screen;
        this.live = new LiveLines(screen);
    }

    public void add(String corpus, TrainingProgress progress) {
        views.computeIfAbsent(corpus, name -> new TrainingView()).add(progress);
        changed = true;
    }

    public boolean isEmpty() {
        return views.isEmpty();
    }

    /** Shows what has changed. */
    public void refresh() {
        if (!changed) {
            return;
        }
        changed = false;
        int width = views.keySet().stream().mapToInt(String::length).max().orElse(0);
        List<String> lines = new ArrayList<>();
        views.forEach((corpus, view) -> {
            int columns = screen.interactive() ? screen.columns() : WIDE;
            String name = corpus + " ".repeat(width - corpus.length()) + "  ";
            String line = name + line(view, Math.max(20, columns - name.length()));
            lines.add(line);
            if (!screen.interactive() && !stage(view).equals(shown.put(corpus, stage(view)))) {
                screen.out().println(line);
            }
        });
        if (screen.interactive()) {
            live.draw(lines);
        }
    }

    /** The state of a training, in one line. */
    static String line(TrainingView view, int columns) {
        TrainingProgress progress = view.newest().orElseThrow();
        String line =
                switch (progress.getState()) {
                    case WAITING -> "waiting" + (progress.getMessage() == null ? "" : ": " + progress.getMessage());
                    case FAILED -> "failed" + (progress.getMessage() == null ? "" : ": " + progress.getMessage());
                    case TRAINING, DONE -> TrainingLine.of(view, columns);
                };
        return line.length() > columns ? line.substring(0, columns) : line;
    }

    private static String stage(TrainingView view) {
        TrainingProgress progress = view.newest().orElseThrow();
        return progress.getState() == TrainingState.TRAINING
                ? "training %d/%d".formatted((int) (view.fraction() * STEPS), view.epochs())
                : "%s %s".formatted(progress.getState(), progress.getMessage());
    }
}
