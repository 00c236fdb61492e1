package io.inkstream.cli.output;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Shows how many steps are done: in place on a terminal, otherwise as a line every ten seconds. Used by one thread. */
public final class StepProgress {

    private static final long REDRAW_NANOS = Duration.ofMillis(200).toNanos();
    private static final long LINE_NANOS = Duration.ofSeconds(10).toNanos();

    private final Screen screen;
    private final LiveLines lines;
    private final long steps;
    private final boolean shown;
    private final long begun = System.nanoTime();
    private long last = begun;

    /**
     * A display of no steps yet.
     *
     * @param steps how many there are to do
     * @param shown false to show nothing
     */
    public StepProgress(Screen screen, long steps, boolean shown) {
        this.screen = screen;
        this.lines = new LiveLines(screen);
        this.steps = steps;
        this.shown = shown;
    }

    /** Shows that this many steps are done. */
    public void done(long step) {
        long now = System.nanoTime();
        boolean due = now - last >= (screen.interactive() ? REDRAW_NANOS : LINE_NANOS);
        if (!shown || (!due && (step < steps || !screen.interactive()))) {
            return;
        }
        last = now;
        Duration left = Duration.ofNanos((long) ((now - begun) * ((double) (steps - step) / step)));
        String line = ProgressBar.line(
                (double) step / steps,
                "step %s/%s  %s"
                        .formatted(
                                Formatting.count(step), Formatting.count(steps), ProgressBar.left(Optional.of(left))),
                screen.columns());
        if (screen.interactive()) {
            lines.draw(List.of(line));
        } else {
            screen.out().println(line.stripTrailing());
        }
    }
}
