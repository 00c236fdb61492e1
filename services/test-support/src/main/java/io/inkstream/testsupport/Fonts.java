package io.inkstream.testsupport;

import java.awt.Font;
import java.awt.font.FontRenderContext;

/** Whether Java finds fonts on this machine; without them, tests that look at pictures are skipped. */
public final class Fonts {

    private Fonts() {}

    /** For JUnit's {@code @EnabledIf}. */
    public static boolean present() {
        try {
            new Font(Font.SANS_SERIF, Font.PLAIN, 15)
                    .getLineMetrics("perplexity", new FontRenderContext(null, true, true));
            return true;
        } catch (RuntimeException | InternalError | LinkageError e) {
            return false;
        }
    }
}
