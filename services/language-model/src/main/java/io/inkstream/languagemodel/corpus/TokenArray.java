package io.inkstream.languagemodel.corpus;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A growing array of token ids outside the Java heap: two bytes per token, and four in pages whose ids need them.
 * One thread appends; any number of threads read what is below {@link #size()}.
 */
public final class TokenArray implements TokenSource {

    private static final int PAGE_BITS = 18;
    private static final int PAGE_TOKENS = 1 << PAGE_BITS;
    private static final int PAGE_MASK = PAGE_TOKENS - 1;

    private volatile Page[] pages = new Page[0];
    private volatile long size;

    @Override
    public long size() {
        return size;
    }

    /**
     * Appends tokens.
     *
     * @param ids token ids, none negative
     * @param count number of ids to append, from the first
     */
    public void append(int[] ids, int count) {
        long position = size;
        Page[] current = pages;
        for (int i = 0; i < count; i++, position++) {
            int page = Math.toIntExact(position >>> PAGE_BITS);
            if (page == current.length) {
                current = Arrays.copyOf(current, page + 1);
                current[page] = Page.narrow();
            }
            if (!current[page].holds(ids[i])) {
                current = current.clone();
                current[page] = current[page].widened();
            }
            current[page].put((int) position & PAGE_MASK, ids[i]);
        }
        pages = current;
        size = position; // a volatile write: publishes what was written above
    }

    @Override
    public int id(long position) {
        if (position < 0 || position >= size) {
            throw new IndexOutOfBoundsException("Position %d of %d tokens".formatted(position, size));
        }
        return pages[(int) (position >>> PAGE_BITS)].get((int) position & PAGE_MASK);
    }

    /** A fixed number of tokens, each in the same number of bytes. */
    private record Page(ByteBuffer bytes, boolean wide) {

        private static final int NARROW_LIMIT = 1 << Short.SIZE;

        static Page narrow() {
            return new Page(ByteBuffer.allocateDirect(PAGE_TOKENS * Short.BYTES).order(ByteOrder.nativeOrder()), false);
        }

        boolean holds(int id) {
            return wide || id < NARROW_LIMIT;
        }

        Page widened() {
            Page wider = new Page(
                    ByteBuffer.allocateDirect(PAGE_TOKENS * Integer.BYTES).order(ByteOrder.nativeOrder()), true);
            for (int i = 0; i < PAGE_TOKENS; i++) {
                wider.put(i, get(i));
            }
            return wider;
        }

        int get(int index) {
            return wide ? bytes.getInt(index * Integer.BYTES) : bytes.getChar(index * Short.BYTES);
        }

        void put(int index, int id) {
            if (wide) {
                bytes.putInt(index * Integer.BYTES, id);
            } else {
                bytes.putChar(index * Short.BYTES, (char) id);
            }
        }
    }
}
