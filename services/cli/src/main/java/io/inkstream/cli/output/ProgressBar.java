package io.inkstream.cli.output;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** Draws progress as one line of text. */
public final class ProgressBar {

    /** The bar keeps its width while the length of the text changes. */
    private static final int ROOM_FOR_TEXT = 76;

    private static final String EIGHTHS = " ▏▎▍▌▋▊▉";

    private ProgressBar() {}

    /**
     * A line such as {@code  43 % ███▌    epoch 215/500}.
     *
     * @param fraction how much is done, 0 to 1
     * @param text after the bar
     * @param columns the width of the whole line at most; the bar is 10 to 30 wide
     */
    static String line(double fraction, String text, int columns) {
        double bounded = Double.isNaN(fraction) ? 0 : Math.max(0, Math.min(1, fraction));
        int width = Math.max(10, Math.min(30, columns - ROOM_FOR_TEXT));
        String line =
                String.format(Locale.ROOT, "%3d %% %s  %s", (int) Math.floor(bounded * 100), bar(bounded, width), text);
        return line.length() > columns ? line.substring(0, columns) : line;
    }

    private static String bar(double fraction, int width) {
        int eighths = (int) Math.floor(fraction * width * 8);
        StringBuilder bar = new StringBuilder("▕");
        bar.append("█".repeat(eighths / 8));
        if (eighths / 8 < width) {
            bar.append(EIGHTHS.charAt(eighths % 8));
            bar.append(" ".repeat(width - eighths / 8 - 1));
        }
        return bar.append('▏').toString();
    }

    /** A rounded duration: {@code 26 s}, {@code 3 min 20 s}, {@code 2 h 5 min}. */
    public static String roughly(Duration duration) {
        long seconds = Math.max(0, Math.round(duration.toMillis() / 1000.0));
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return seconds / 60 + " min" + (seconds % 60 == 0 ? "" : " " + seconds % 60 + " s");
        }
        long minutes = seconds / 60;
        return minutes / 60 + " h" + (minutes % 60 == 0 ? "" : " " + minutes % 60 + " min");
    }

    /** {@code 26 s left}, or empty if it is unknown or less than a second. */
    static String left(Optional<Duration> remaining) {
        return remaining
                .filter(duration -> duration.toMillis() >= 1000)
                .map(duration -> roughly(duration) + " left")
                .orElse("");
    }
}
