package io.inkstream.lessons.plots;

import io.inkstream.platform.InkstreamException;

/** Whether this machine can letter a picture at all: where it cannot, tests that look at pictures are skipped. */
public final class Fonts {

    private Fonts() {}

    /** For JUnit's {@code @EnabledIf}. */
    public static boolean present() {
        try {
            Typography.requireFonts();
            return true;
        } catch (InkstreamException e) {
            return false;
        }
    }
}
