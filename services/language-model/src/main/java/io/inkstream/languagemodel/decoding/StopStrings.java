package io.inkstream.languagemodel.decoding;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;

/**
 * Finds strings in a growing text: the automaton of Aho and Corasick ("Efficient string matching", Communications of
 * the ACM 18, 1975) over UTF-16 units. The cost of a unit does not depend on how much text came before, nor, on
 * average over the text, on how long the strings are.
 */
final class StopStrings {

    private static final int ROOT = 0;
    private static final int NONE = -1;

    /** A trie: the unit that leads to each node, its first child and its next sibling. */
    private final char[] unit;

    private final int[] firstChild;
    private final int[] nextSibling;
    /** The node of the longest suffix of each node's string that is in the trie too. */
    private final int[] suffix;
    /** The length of the longest string that ends at each node; 0: none does. */
    private final int[] longest;

    private int nodes = 1;
    private int node = ROOT;

    /** A search for these strings, none of which is empty, from the start of a text. */
    StopStrings(List<String> strings) {
        int most = 1 + strings.stream().mapToInt(String::length).sum();
        unit = new char[most];
        firstChild = new int[most];
        nextSibling = new int[most];
        suffix = new int[most];
        longest = new int[most];
        Arrays.fill(firstChild, NONE);
        strings.forEach(this::add);
        link();
    }

    /**
     * Reads the next unit of the text.
     *
     * @return the length of the longest string that ends with it; 0 when none does
     */
    int next(char next) {
        node = after(node, next);
        return longest[node];
    }

    private void add(String string) {
        int at = ROOT;
        for (int i = 0; i < string.length(); i++) {
            int child = child(at, string.charAt(i));
            if (child == NONE) {
                child = nodes++;
                unit[child] = string.charAt(i);
                nextSibling[child] = firstChild[at];
                firstChild[at] = child;
            }
            at = child;
        }
        longest[at] = string.length();
    }

    /** Sets the suffixes level by level: that of a node depends on shorter ones only. */
    private void link() {
        Queue<Integer> level = new ArrayDeque<>();
        level.add(ROOT);
        while (!level.isEmpty()) {
            int parent = level.remove();
            for (int child = firstChild[parent]; child != NONE; child = nextSibling[child]) {
                suffix[child] = parent == ROOT ? ROOT : after(suffix[parent], unit[child]);
                if (longest[child] == 0) {
                    longest[child] = longest[suffix[child]];
                }
                level.add(child);
            }
        }
    }

    private int after(int from, char next) {
        int at = from;
        while (true) {
            int child = child(at, next);
            if (child != NONE) {
                return child;
            }
            if (at == ROOT) {
                return ROOT;
            }
            at = suffix[at];
        }
    }

    private int child(int parent, char next) {
        int child = firstChild[parent];
        while (child != NONE && unit[child] != next) {
            child = nextSibling[child];
        }
        return child;
    }
}
