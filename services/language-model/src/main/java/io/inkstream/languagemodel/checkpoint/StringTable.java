package io.inkstream.languagemodel.checkpoint;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Strings in two tensors: {@code NAME.utf8}, their UTF-8 bytes one after another, and {@code NAME.ends}, the end of each.
 * There may be any number of strings, of any Unicode text.
 */
@SuppressWarnings("ArrayRecordComponent") // internal, never compared
record StringTable(byte[] utf8, long[] ends) {

    private static final String UTF8 = ".utf8";
    private static final String ENDS = ".ends";

    /**
     * Checks that the strings follow each other.
     *
     * @throws IllegalArgumentException if they do not
     */
    StringTable {
        long before = 0;
        for (long end : ends) {
            if (end < before) {
                throw new IllegalArgumentException("A string ends before it begins");
            }
            before = end;
        }
        if (before != utf8.length) {
            throw new IllegalArgumentException("The strings end at byte %d of %d".formatted(before, utf8.length));
        }
    }

    /**
     * A table of these strings.
     *
     * @throws IllegalArgumentException if one is not Unicode text, or they exceed 2 GiB in all
     */
    static StringTable of(List<String> strings) {
        ByteArrayOutputStream utf8 = new ByteArrayOutputStream();
        long[] ends = new long[strings.size()];
        int i = 0;
        long size = 0;
        for (String string : strings) {
            requireText(string);
            byte[] bytes = string.getBytes(StandardCharsets.UTF_8);
            size += bytes.length;
            if (size > Integer.MAX_VALUE - 8) {
                throw new IllegalArgumentException("%d strings exceed 2 GiB in all".formatted(strings.size()));
            }
            utf8.writeBytes(bytes);
            ends[i++] = size;
        }
        return new StringTable(utf8.toByteArray(), ends);
    }

    /** The table with this name in a file. */
    static StringTable read(Safetensors file, String name) {
        return new StringTable(file.bytes(name + UTF8), file.longs(name + ENDS));
    }

    /**
     * Checks that a string is the same after UTF-8 and back.
     *
     * @throws IllegalArgumentException if it contains half a surrogate pair
     */
    static void requireText(String string) {
        for (int i = 0; i < string.length(); i++) {
            if (Character.isSurrogate(string.charAt(i))) {
                if (!Character.isSupplementaryCodePoint(string.codePointAt(i))) {
                    throw new IllegalArgumentException(
                            "A token is not Unicode text: it contains half a surrogate pair");
                }
                i++;
            }
        }
    }

    /** Adds the ends of the strings; they come first, because 64-bit numbers are best aligned to 8 bytes. */
    void putEnds(String name, Map<String, StoredTensor> tensors) {
        tensors.put(name + ENDS, StoredTensor.Longs.of(ends));
    }

    /** Adds the strings' bytes, which come last. */
    void putText(String name, Map<String, StoredTensor> tensors) {
        tensors.put(name + UTF8, new StoredTensor.Bytes(utf8));
    }

    /** The strings. */
    List<String> strings() {
        List<String> strings = new ArrayList<>(ends.length);
        int from = 0;
        for (long end : ends) {
            strings.add(new String(utf8, from, (int) end - from, StandardCharsets.UTF_8));
            from = (int) end;
        }
        return strings;
    }
}
