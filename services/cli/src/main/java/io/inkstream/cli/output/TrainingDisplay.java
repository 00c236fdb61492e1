package io.inkstream.cli.output;

import io.inkstream.client.TrainingView;
import java.util.List;

/** Shows the progress of one training: in place on a terminal, otherwise as a line for each tenth of it. Used by one thread. */
public final class TrainingDisplay {

    private static final int STEPS = 10;

    private final Screen screen;
    private final int steps;
    private final LiveLines live;
    private int stepShown = -1;

    public TrainingDisplay(Screen screen) {
        this(screen, STEPS);
    }

    private TrainingDisplay(Screen screen, int steps) {
        this.screen = screen;
        this.steps = steps;
        this.live = new LiveLines(screen);
    }

    /** A display of one line that ends with the outcome; without a terminal, it shows only that. */
    public static TrainingDisplay ofOneLine(Screen screen) {
        return new TrainingDisplay(screen, 0);
    }

    /** Shows the current state. */
    public void show(TrainingView view) {
        if (view.newest().isEmpty() || view.epochs() == 0) {
            return;
        }
        if (screen.interactive()) {
            live.draw(List.of(TrainingLine.of(view, screen.columns())));
            return;
        }
        if (steps == 0) {
            return;
        }
        int step = (int) Math.floor(view.fraction() * steps);
        if (step > stepShown) {
            stepShown = step;
            screen.out().println(TrainingLine.of(view, 200));
        }
    }

    /** Shows the outcome: in place of the progress on a terminal, otherwise as a line of its own. */
    public void end(String outcome) {
        if (screen.interactive()) {
            live.draw(List.of(outcome));
        } else {
            screen.out().println(outcome);
        }
    }
}
