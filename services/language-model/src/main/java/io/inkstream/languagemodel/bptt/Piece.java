package io.inkstream.languagemodel.bptt;

/**
 * Some parts of some units of a parameter.
 *
 * @param from the first unit
 * @param to the unit after the last
 * @param firstPart the first part of each
 * @param endPart the part after the last
 */
record Piece(int from, int to, int firstPart, int endPart) {

    /** Number of units. */
    int units() {
        return to - from;
    }
}
