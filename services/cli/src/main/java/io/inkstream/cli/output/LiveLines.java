package io.inkstream.cli.output;

import java.util.List;

/** Lines that are redrawn in place on a terminal. Used by one thread. */
final class LiveLines {

    private static final String UP = "\u001b[%dA";
    private static final String CLEAR_TO_END_OF_LINE = "\u001b[K";

    private final Screen screen;
    private int drawn;

    LiveLines(Screen screen) {
        this.screen = screen;
    }

    /** Draws the lines over the ones before. */
    void draw(List<String> lines) {
        StringBuilder text = new StringBuilder();
        if (drawn > 0) {
            text.append(UP.formatted(drawn));
        }
        for (String line : lines) {
            text.append('\r').append(line).append(CLEAR_TO_END_OF_LINE).append('\n');
        }
        for (int i = lines.size(); i < drawn; i++) {
            text.append(CLEAR_TO_END_OF_LINE).append('\n');
        }
        drawn = Math.max(drawn, lines.size());
        screen.out().print(text);
        screen.out().flush();
    }
}
