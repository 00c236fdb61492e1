package io.inkstream.corpuslog.checkpoints;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The key of what lies in one slot of the checkpoints topic, on the history topic, written {@code corpus/slot}.
 *
 * @param corpus the corpus; may itself contain a slash
 * @param slot the slot, from 0
 */
public record SlotKey(String corpus, int slot) {

    /** The first group is greedy, so that the last slash counts. */
    private static final Pattern WRITTEN = Pattern.compile("(.+)/(0|[1-9][0-9]{0,8})", Pattern.DOTALL);

    public SlotKey {
        if (corpus.isEmpty() || slot < 0) {
            throw new IllegalArgumentException("Not a slot's key: '%s'/%d".formatted(corpus, slot));
        }
    }

    /** The key that is written so; empty if none is. */
    public static Optional<SlotKey> parse(String written) {
        Matcher matcher = WRITTEN.matcher(written);
        return matcher.matches()
                ? Optional.of(new SlotKey(matcher.group(1), Integer.parseInt(matcher.group(2))))
                : Optional.empty();
    }

    /** The record key: the UTF-8 bytes of {@link #toString()}. */
    public byte[] bytes() {
        return toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return corpus + "/" + slot;
    }
}
