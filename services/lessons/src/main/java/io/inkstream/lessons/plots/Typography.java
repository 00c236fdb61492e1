package io.inkstream.lessons.plots;

import io.inkstream.platform.InkstreamException;
import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.text.NumberFormat;
import java.util.Locale;

/** How a picture is lettered. */
final class Typography {

    private static final String FAMILY = Font.SANS_SERIF;

    /** Fonts that viewers of an SVG file are likely to have; the first two are as wide as the usual ones on Linux. */
    static final String CSS_FAMILIES = "'DejaVu Sans', Verdana, sans-serif";

    // None of them has 12 points: VectorGraphics2D takes that for SVG's own size, which it is not.
    static final Font TITLE = new Font(FAMILY, Font.BOLD, 17);
    static final Font LABEL = new Font(FAMILY, Font.PLAIN, 15);
    static final Font NUMBER = new Font(FAMILY, Font.PLAIN, 13);

    private Typography() {}

    /** A name as it can be lettered: characters that XML cannot hold become U+FFFD. */
    static String text(String name) {
        return name.codePoints()
                .map(c -> isInXml(c) ? c : 0xFFFD)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** What XML 1.0 (section 2.2) calls a character, without line ends. */
    private static boolean isInXml(int c) {
        return (c >= 0x20 && c <= 0xD7FF) || (c >= 0xE000 && c <= 0xFFFD) || c >= 0x10000;
    }

    /** How numbers are written: in every country the same. */
    static NumberFormat numbers() {
        return new DecimalFormat("#,##0.##", DecimalFormatSymbols.getInstance(Locale.ROOT));
    }

    /**
     * Java brings no fonts and asks the system for them. Where it has none, as in many containers, what comes of it is one of
     * several errors deep inside.
     *
     * @throws InkstreamException if text cannot be drawn
     */
    static void requireFonts() {
        try {
            LABEL.getLineMetrics("perplexity", new FontRenderContext(null, true, true));
        } catch (RuntimeException | InternalError | LinkageError e) {
            throw new InkstreamException(
                    "A picture cannot be lettered, as Java finds no fonts here: install fontconfig and a font "
                            + "(Debian: fontconfig fonts-dejavu-core; Alpine: fontconfig ttf-dejavu).",
                    e);
        }
    }
}
