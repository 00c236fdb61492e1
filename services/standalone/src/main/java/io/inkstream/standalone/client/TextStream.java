package io.inkstream.standalone.client;

import io.inkstream.platform.InkstreamException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A text that comes bit by bit, standard input for instance: lines are handed on within a second of their arrival. */
public final class TextStream {

    private static final int BUFFER = 64 * 1024;
    private static final int PIECES_AHEAD = 64;
    private static final long LONGEST_HOLD_MILLIS = 500;

    private final String name;
    private final InputStream in;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Piece(byte[] bytes, IOException failure) {
        boolean isEnd() {
            return bytes.length == 0;
        }
    }

    /**
     * A text to be read from a stream.
     *
     * @param name what it is called in messages
     */
    public TextStream(String name, InputStream in) {
        this.name = name;
        this.in = in;
    }

    /**
     * Reads to the end of the stream and hands on record values of whole lines.
     *
     * @throws InkstreamException if the stream breaks, is no UTF-8 or has a line that no record can hold; the lines before
     *     have been handed on
     * @throws InterruptedException if the thread is interrupted while it waits for text
     */
    public void records(Consumer<byte[]> records) throws InterruptedException {
        BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>(PIECES_AHEAD);
        // A read from standard input cannot be interrupted: it waits in a thread that may be left behind.
        Thread reader = new Thread(() -> read(pieces), "text-stream");
        reader.setDaemon(true);
        reader.start();

        LineRecords lines = new LineRecords(name, records);
        Utf8Scanner utf8 = new Utf8Scanner();
        for (Piece piece = next(pieces, lines); !piece.isEnd(); piece = next(pieces, lines)) {
            utf8.scan(piece.bytes(), 0, piece.bytes().length);
            requireUtf8(utf8, lines);
            lines.add(piece.bytes(), 0, piece.bytes().length);
        }
        utf8.end();
        requireUtf8(utf8, lines);
        lines.end();
    }

    private Piece next(BlockingQueue<Piece> pieces, LineRecords lines) throws InterruptedException {
        Piece piece = pieces.poll(LONGEST_HOLD_MILLIS, TimeUnit.MILLISECONDS);
        if (piece == null) {
            lines.flushLines();
            piece = pieces.take();
        }
        if (piece.failure() != null) {
            throw new InkstreamException(
                    "%s cannot be read further: %s."
                            .formatted(name, piece.failure().getMessage()),
                    piece.failure());
        }
        return piece;
    }

    private void requireUtf8(Utf8Scanner utf8, LineRecords lines) {
        if (utf8.invalidAt() != Utf8Scanner.NONE) {
            lines.flushLines();
            TextSource.requireUtf8(utf8, name);
        }
    }

    private void read(BlockingQueue<Piece> pieces) {
        byte[] buffer = new byte[BUFFER];
        try {
            Piece piece;
            do {
                piece = piece(buffer);
                pieces.put(piece);
            } while (!piece.isEnd() && piece.failure() == null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody waits for the text any more
        }
    }

    private Piece piece(byte[] buffer) {
        try {
            int count = in.read(buffer);
            return new Piece(Arrays.copyOf(buffer, Math.max(0, count)), null);
        } catch (IOException e) {
            return new Piece(new byte[] {0}, e);
        }
    }
}
