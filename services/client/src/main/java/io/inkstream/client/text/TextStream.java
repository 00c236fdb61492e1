package io.inkstream.client.text;

import io.inkstream.platform.InkstreamException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A text that arrives over time, for instance on standard input: lines are handed on within a second of their arrival. */
public final class TextStream {

    private static final int BUFFER = 64 * 1024;
    private static final int PIECES_AHEAD = 64;
    private static final Duration LONGEST_HOLD = Duration.ofMillis(500);
    private static final byte[] NOTHING_YET = {};
    private static final byte[] END = {}; // known by its identity

    private final String name;
    private final InputStream in;

    private volatile @Nullable IOException failure; // set before the end is announced

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
     * @throws InkstreamException if the stream breaks, is not UTF-8 or has a line that is too long for a record; the lines before
     *     have been handed on
     * @throws InterruptedException if the thread is interrupted while it waits for text
     */
    public void records(Consumer<byte[]> records) throws InterruptedException {
        BlockingQueue<byte[]> pieces = new LinkedBlockingQueue<>(PIECES_AHEAD);
        // A read from standard input cannot be interrupted: it waits in a thread that may be left behind.
        Thread reader = new Thread(() -> read(pieces), "text-stream");
        reader.setDaemon(true);
        reader.start();

        LineRecords lines = new LineRecords(name, records);
        Utf8Scanner utf8 = new Utf8Scanner();
        long flushed = System.nanoTime();
        byte[] piece = NOTHING_YET;
        while (piece != END) {
            utf8.scan(piece, 0, piece.length);
            requireUtf8(utf8, lines);
            lines.add(piece, 0, piece.length);
            long held = System.nanoTime() - flushed;
            if (held >= LONGEST_HOLD.toNanos()) {
                lines.flushLines();
                flushed = System.nanoTime();
                held = 0;
            }
            byte[] next = pieces.poll(LONGEST_HOLD.toNanos() - held, TimeUnit.NANOSECONDS);
            piece = next == null ? NOTHING_YET : next;
        }
        IOException broken = failure;
        if (broken != null) {
            lines.flushLines();
            throw new InkstreamException("%s cannot be read further: %s.".formatted(name, broken.getMessage()), broken);
        }
        utf8.end();
        requireUtf8(utf8, lines);
        lines.end();
    }

    private void requireUtf8(Utf8Scanner utf8, LineRecords lines) {
        if (utf8.invalidAt() != Utf8Scanner.NONE) {
            lines.flushLines();
            TextSource.requireUtf8(utf8, name);
        }
    }

    /** Reads up to the end. */
    private void read(BlockingQueue<byte[]> pieces) {
        byte[] buffer = new byte[BUFFER];
        try {
            try {
                for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    if (count > 0) {
                        pieces.put(Arrays.copyOf(buffer, count));
                    }
                }
            } catch (IOException e) {
                failure = e;
            }
            pieces.put(END);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody waits for the text anymore
        }
    }
}
