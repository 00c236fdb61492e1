package io.inkstream.launcher.options;

import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An amount of memory as users write it: {@code 512MB}, {@code 2 GB}; a KB is 1024 bytes, as for Java's heap. */
final class MemorySize {

    private static final Pattern WRITTEN = Pattern.compile("([0-9]{1,9}) ?([KMG])B?");

    private MemorySize() {}

    /** In bytes; empty if it is not an amount of memory, or null. */
    static OptionalLong parse(@Nullable String written) {
        if (written == null) {
            return OptionalLong.empty();
        }
        Matcher matcher = WRITTEN.matcher(written.strip().toUpperCase(Locale.ROOT));
        if (!matcher.matches()) {
            return OptionalLong.empty();
        }
        long unit =
                switch (matcher.group(2)) {
                    case "K" -> 1L << 10;
                    case "M" -> 1L << 20;
                    default -> 1L << 30;
                };
        long bytes = Long.parseLong(matcher.group(1)) * unit;
        return bytes > 0 ? OptionalLong.of(bytes) : OptionalLong.empty();
    }
}
