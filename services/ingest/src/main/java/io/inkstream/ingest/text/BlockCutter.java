package io.inkstream.ingest.text;

import io.inkstream.languagemodel.text.TokenSink;
import io.inkstream.languagemodel.text.Vocabulary;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Turns tokens into ids, assigns the next ids to new tokens, and cuts the result into blocks that fit into a record.
 */
public final class BlockCutter implements TokenSink {

    /** Maximum number of tokens of a block: at most 5 bytes each. */
    public static final int MAX_TOKENS = 32_768;

    /** Maximum size of the new entries of a block in UTF-8. */
    public static final int MAX_ENTRY_BYTES = 256 * 1024;

    /**
     * A block.
     *
     * @param firstNewId the size of the vocabulary before it
     * @param newEntries entries with the ids {@code firstNewId}, {@code firstNewId + 1}, …
     * @param tokens ids, at least one
     */
    public record Block(int firstNewId, List<String> newEntries, List<Integer> tokens) {}

    private final Vocabulary vocabulary;
    private final Consumer<Block> blocks;
    private int firstNewId;
    private int entryBytes;
    private List<Integer> tokens = new ArrayList<>();

    /**
     * A cutter for one text record.
     *
     * @param vocabulary the known tokens; new ones are added
     * @param blocks receives the blocks, in order
     */
    public BlockCutter(Vocabulary vocabulary, Consumer<Block> blocks) {
        this.vocabulary = vocabulary;
        this.blocks = blocks;
        this.firstNewId = vocabulary.size();
    }

    /** Starts a vocabulary with these tokens, whether or not the text contains them; they are entries of the first block. */
    public void reserve(List<String> reservedTokens) {
        reservedTokens.forEach(this::add);
    }

    @Override
    public void codePoint(int codePoint) {
        int id = vocabulary.id(codePoint);
        append(id == Vocabulary.UNKNOWN_ID ? add(Character.toString(codePoint)) : id);
    }

    @Override
    public void token(String token) {
        int id = vocabulary.id(token);
        append(id == Vocabulary.UNKNOWN_ID ? add(token) : id);
    }

    /** Passes on the last block, unless it is empty. */
    public void finish() {
        if (!tokens.isEmpty()) {
            List<String> newEntries = List.copyOf(vocabulary.entries().subList(firstNewId - 1, vocabulary.size() - 1));
            blocks.accept(new Block(firstNewId, newEntries, tokens));
            firstNewId = vocabulary.size();
            entryBytes = 0;
            tokens = new ArrayList<>();
        }
    }

    private int add(String entry) {
        int bytes = entry.getBytes(StandardCharsets.UTF_8).length;
        if (entryBytes + bytes > MAX_ENTRY_BYTES) {
            finish();
        }
        entryBytes += bytes;
        return vocabulary.add(entry);
    }

    private void append(int id) {
        tokens.add(id);
        if (tokens.size() == MAX_TOKENS) {
            finish();
        }
    }
}
