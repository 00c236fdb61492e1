package io.inkstream.corpuslog.deadletters;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** Text of any length in a limited number of bytes of UTF-8. Text that is cut ends with a mark, and is never cut within a character. */
final class BoundedText {

    private static final int MAX_FRAMES = 40;
    private static final int MAX_CAUSES = 8;
    private static final int MAX_MESSAGE_BYTES = 1024;

    private BoundedText() {}

    /**
     * The text, or its beginning.
     *
     * @param maxBytes at least 100
     */
    static byte[] utf8(String text, int maxBytes) {
        // A char has at least one byte, and more of a long text need not be looked at.
        byte[] bytes = text.substring(0, Math.min(text.length(), maxBytes + 1)).getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= maxBytes) {
            return bytes;
        }
        byte[] mark = " … (cut: %d characters)".formatted(text.length()).getBytes(StandardCharsets.UTF_8);
        int end = maxBytes - mark.length;
        while ((bytes[end] & 0xC0) == 0x80) {
            end--;
        }
        byte[] cut = Arrays.copyOf(bytes, end + mark.length);
        System.arraycopy(mark, 0, cut, end, mark.length);
        return cut;
    }

    /**
     * The stack trace of a failure and of its causes. Messages are cut first, so that the frames, which say more, are not.
     *
     * @param maxBytes at least 100
     */
    static byte[] stackTrace(Throwable failure, int maxBytes) {
        StringBuilder text = new StringBuilder();
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Throwable now = failure; now != null && seen.size() < MAX_CAUSES && seen.add(now); now = now.getCause()) {
            text.append(seen.size() == 1 ? "" : "Caused by: ")
                    .append(now.getClass().getName());
            if (now.getMessage() != null) {
                text.append(": ").append(new String(utf8(now.getMessage(), MAX_MESSAGE_BYTES), StandardCharsets.UTF_8));
            }
            text.append('\n');
            StackTraceElement[] frames = now.getStackTrace();
            for (int i = 0; i < Math.min(frames.length, MAX_FRAMES); i++) {
                text.append("\tat ").append(frames[i]).append('\n');
            }
            if (frames.length > MAX_FRAMES) {
                text.append("\t... ").append(frames.length - MAX_FRAMES).append(" more\n");
            }
        }
        return utf8(text.toString(), maxBytes);
    }
}
