package io.inkstream.languagemodel.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The known tokens and their ids. Ids are assigned in order of first appearance and never change; id 0 is {@link
 * #UNKNOWN}. Not safe for use by several threads.
 */
public final class Vocabulary {

    /** Stands for every token that is not in the vocabulary. */
    public static final String UNKNOWN = "<unk>";

    /** The id of {@link #UNKNOWN}. */
    public static final int UNKNOWN_ID = 0;

    /** Code points from here on (emoji, rare characters) are looked up as strings. */
    private static final int INDEXED_CODE_POINTS = 0x10000;

    private final List<String> tokens = new ArrayList<>();
    private final Map<String, Integer> ids = new HashMap<>();

    /** Ids of the tokens that are one code point, by code point; as long as the largest one requires. */
    private int[] codePointIds = new int[256];

    /** A vocabulary that contains {@link #UNKNOWN} only. */
    public Vocabulary() {
        tokens.add(UNKNOWN);
    }

    /**
     * A vocabulary with these entries.
     *
     * @param entries the tokens with ids 1, 2, …
     */
    public Vocabulary(List<String> entries) {
        this();
        entries.forEach(this::add);
    }

    /** Number of tokens, {@link #UNKNOWN} included. */
    public int size() {
        return tokens.size();
    }

    /** The id of a token, or {@link #UNKNOWN_ID}. */
    public int id(String token) {
        return ids.getOrDefault(token, UNKNOWN_ID);
    }

    /** The id of the token that is this code point, or {@link #UNKNOWN_ID}: as {@code id(Character.toString(codePoint))}. */
    public int id(int codePoint) {
        if (codePoint < codePointIds.length) {
            return codePointIds[codePoint];
        }
        return codePoint < INDEXED_CODE_POINTS ? UNKNOWN_ID : id(Character.toString(codePoint));
    }

    /** True when the token has an id of its own. */
    public boolean contains(String token) {
        return ids.containsKey(token);
    }

    /**
     * The token with this id.
     *
     * @throws IndexOutOfBoundsException if there is none
     */
    public String token(int id) {
        return tokens.get(id);
    }

    /**
     * Gives a new token the next id. The word {@code <unk>} in a corpus of words is an entry like any other.
     *
     * @return its id
     * @throws IllegalArgumentException if it already has one
     */
    public int add(String token) {
        int id = tokens.size();
        Integer before = ids.putIfAbsent(token, id);
        if (before != null) {
            throw new IllegalArgumentException("'%s' already has the id %d".formatted(token, before));
        }
        tokens.add(token);
        if (token.length() == 1) {
            indexByCodePoint(token.charAt(0), id);
        }
        return id;
    }

    private void indexByCodePoint(char codePoint, int id) {
        if (codePoint >= codePointIds.length) {
            codePointIds = Arrays.copyOf(codePointIds, Integer.highestOneBit(codePoint) * 2);
        }
        codePointIds[codePoint] = id;
    }

    /** The entries with ids 1, 2, …: a view that cannot be changed. */
    public List<String> entries() {
        return Collections.unmodifiableList(tokens.subList(1, tokens.size()));
    }
}
