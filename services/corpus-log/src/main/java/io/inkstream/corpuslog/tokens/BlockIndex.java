package io.inkstream.corpuslog.tokens;

import java.util.Arrays;

/**
 * Where the tokens of a corpus came from: for each block its end in the corpus and the offsets of its token record and
 * text record. One thread appends while others read; a block is here before its tokens can be read, so every token that is
 * known has its block.
 */
final class BlockIndex {

    private long[] ends = new long[16];
    private long[] tokenOffsets = new long[16];
    private long[] textOffsets = new long[16];
    private int blocks;

    /**
     * Appends a block.
     *
     * @param end position in the corpus after its last token
     */
    synchronized void append(long end, long tokenOffset, long textOffset) {
        if (blocks == ends.length) {
            int capacity = blocks * 2;
            ends = Arrays.copyOf(ends, capacity);
            tokenOffsets = Arrays.copyOf(tokenOffsets, capacity);
            textOffsets = Arrays.copyOf(textOffsets, capacity);
        }
        ends[blocks] = end;
        tokenOffsets[blocks] = tokenOffset;
        textOffsets[blocks] = textOffset;
        blocks++;
    }

    /** The block that holds the token at a position, or the number of blocks when it is not there yet. */
    synchronized int blockOf(long position) {
        int found = Arrays.binarySearch(ends, 0, blocks, position + 1);
        return found >= 0 ? found : -found - 1;
    }

    /** Position in the corpus of the first token of the block whose record has this offset; 0 when there is none. */
    synchronized long startOf(long tokenOffset) {
        int block = Arrays.binarySearch(tokenOffsets, 0, blocks, tokenOffset);
        return block < 0 ? 0 : start(block);
    }

    /** Position in the corpus of a block's first token. */
    synchronized long start(int block) {
        return block == 0 ? 0 : ends[block - 1];
    }

    synchronized int blocks() {
        return blocks;
    }

    synchronized long tokenOffset(int block) {
        return tokenOffsets[block];
    }

    synchronized long textOffset(int block) {
        return textOffsets[block];
    }
}
