package io.inkstream.client.text;

/**
 * Checks bytes that arrive in pieces for well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates, nothing above
 * U+10FFFF) and counts the code points.
 */
final class Utf8Scanner {

    /** The value of {@link #invalidAt()} if everything is well-formed. */
    static final long NONE = -1;

    private long position;
    private long codePoints;
    private long sequenceStart;
    private int pending;
    private int lowest;
    private int highest;
    private long invalidAt = NONE;

    /** Reads the next bytes; does nothing once an invalid sequence was found. */
    void scan(byte[] bytes, int from, int length) {
        for (int i = from; i < from + length && invalidAt == NONE; i++) {
            next(bytes[i] & 0xFF);
        }
    }

    /** Ends the text: a sequence that is still open is invalid. */
    void end() {
        if (invalidAt == NONE && pending > 0) {
            invalidAt = sequenceStart;
        }
    }

    /** Position of the first byte of the first invalid sequence, counted from 0; {@link #NONE} if there is none. */
    long invalidAt() {
        return invalidAt;
    }

    /** Number of well-formed code points so far. */
    long codePoints() {
        return codePoints;
    }

    private void next(int b) {
        if (pending == 0) {
            begin(b);
        } else if (b < lowest || b > highest) {
            invalidAt = sequenceStart;
        } else {
            pending--;
            expectAnyContinuation();
            if (pending == 0) {
                codePoints++;
            }
        }
        position++;
    }

    private void begin(int b) {
        sequenceStart = position;
        expectAnyContinuation();
        if (b < 0x80) {
            codePoints++;
        } else if (b >= 0xC2 && b <= 0xDF) {
            pending = 1;
        } else if (b >= 0xE0 && b <= 0xEF) {
            pending = 2;
            if (b == 0xE0) {
                lowest = 0xA0; // below: overlong
            } else if (b == 0xED) {
                highest = 0x9F; // above: a surrogate
            }
        } else if (b >= 0xF0 && b <= 0xF4) {
            pending = 3;
            if (b == 0xF0) {
                lowest = 0x90; // below: overlong
            } else if (b == 0xF4) {
                highest = 0x8F; // above: beyond U+10FFFF
            }
        } else {
            invalidAt = position;
        }
    }

    private void expectAnyContinuation() {
        lowest = 0x80;
        highest = 0xBF;
    }
}
