package io.inkstream.standalone.cli;

import io.inkstream.standalone.client.TrainingView;
import java.util.List;

/** Shows how one training goes: in place on a terminal, else a line about every tenth of the way. Used by one thread. */
final class TrainingDisplay {

    private static final int STEPS = 10;

    private final Screen screen;
    private final LiveLines live;
    private int stepShown = -1;

    TrainingDisplay(Screen screen) {
        this.screen = screen;
        this.live = new LiveLines(screen);
    }

    /** Shows the present state. */
    void show(TrainingView view) {
        if (view.newest().isEmpty() || view.epochs() == 0) {
            return;
        }
        if (screen.interactive()) {
            live.draw(List.of(TrainingLine.of(view, screen.columns())));
            return;
        }
        int step = (int) Math.floor(view.fraction() * STEPS);
        if (step > stepShown) {
            stepShown = step;
            screen.out().println(TrainingLine.of(view, 200));
        }
    }
}
