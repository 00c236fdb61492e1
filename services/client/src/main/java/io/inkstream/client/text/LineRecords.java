package io.inkstream.client.text;

import io.inkstream.platform.InkstreamException;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Splits UTF-8 text that arrives in pieces into record values of whole lines: as many as fit into {@link #USUAL_BYTES}, or
 * one longer line alone. Lines end with LF, CRLF or CR, and keep their ends, so the records joined are the text. A line
 * is never split, because the end of a record is the end of a line to every reader.
 */
final class LineRecords {

    /** Records are filled up to this size. */
    static final int USUAL_BYTES = 16 * 1024;

    /** The longest line with its end: a broker's default limit for a record, less room for key and headers. */
    static final int MOST_BYTES = 1_000_000;

    private final String source;
    private final Consumer<byte[]> records;

    private byte[] pending = new byte[4 * USUAL_BYTES];
    private int length;
    private int wholeLines; // bytes of pending that are whole lines
    private boolean afterCarriageReturn;
    private long lines;

    /**
     * A text that is still empty.
     *
     * @param source what the text is called in messages
     * @param records called with each record's value
     */
    LineRecords(String source, Consumer<byte[]> records) {
        this.source = source;
        this.records = records;
    }

    /**
     * Adds the next piece.
     *
     * @throws InkstreamException if a line is longer than {@link #MOST_BYTES}
     */
    void add(byte[] bytes, int from, int count) {
        for (int i = from; i < from + count; i++) {
            addByte(bytes[i]);
        }
    }

    /** Emits the whole lines that are held back until a record is full. */
    void flushLines() {
        // A CR at the very end may be half of a CRLF.
        if (wholeLines > 0 && !afterCarriageReturn) {
            emit(wholeLines);
        }
    }

    /** Emits the rest; the last line need not have an end. */
    void end() {
        if (afterCarriageReturn) {
            endLine();
        }
        if (wholeLines > 0 && length > USUAL_BYTES) {
            emit(wholeLines);
        }
        if (length > 0) {
            emit(length);
        }
    }

    private void addByte(byte b) {
        if (afterCarriageReturn && b != '\n') {
            endLine();
        }
        if (length == pending.length) {
            pending = Arrays.copyOf(pending, pending.length * 2);
        }
        pending[length++] = b;
        afterCarriageReturn = b == '\r';
        if (b == '\n') {
            endLine();
        } else if (length - wholeLines > MOST_BYTES) {
            throw new InkstreamException(
                    "Line %,d of %s has more than %,d bytes, and a record must hold whole lines: break it, for instance with 'fold -s -w 1000'."
                            .formatted(lines + 1, source, MOST_BYTES));
        }
    }

    private void endLine() {
        afterCarriageReturn = false;
        lines++;
        if (length > USUAL_BYTES && wholeLines > 0) {
            emit(wholeLines);
        }
        wholeLines = length;
        if (length >= USUAL_BYTES) {
            emit(length);
        }
    }

    private void emit(int count) {
        records.accept(Arrays.copyOf(pending, count));
        System.arraycopy(pending, count, pending, 0, length - count);
        length -= count;
        wholeLines = Math.max(0, wholeLines - count);
    }
}
