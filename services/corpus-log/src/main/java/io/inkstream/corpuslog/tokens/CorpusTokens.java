package io.inkstream.corpuslog.tokens;

import io.inkstream.corpuslog.specs.SpecConversion;
import io.inkstream.languagemodel.corpus.Corpus;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.SourceRange;
import io.inkstream.schemas.StreamPosition;
import io.inkstream.schemas.TokenBlock;
import java.util.Optional;
import java.util.OptionalLong;

/** The tokens of one corpus as they were read from a partition of the tokens topic. */
public final class CorpusTokens {

    private final int tokenPartition;
    private final int textPartition;
    private final Corpus corpus;
    private final BlockIndex blocks = new BlockIndex();
    private volatile Optional<String> damage = Optional.empty();

    CorpusTokens(int tokenPartition, TokenBlock first) {
        this.tokenPartition = tokenPartition;
        this.textPartition = first.getTextPartition();
        this.corpus = new Corpus(SpecConversion.reading(first));
    }

    /** The tokens and the vocabulary. */
    public Corpus corpus() {
        return corpus;
    }

    /**
     * What is wrong with the tokens, if anything: a corpus with a gap cannot be trained. A block that fills the gap repairs it,
     * so that a stray block does no lasting harm.
     */
    public Optional<String> damage() {
        return damage;
    }

    /**
     * Appends a block.
     *
     * @param offset of its record
     * @throws IllegalArgumentException if it does not follow the blocks before it. The corpus is damaged from then on if
     *     tokens are missing, until a block comes that has them
     */
    void append(TokenBlock block, long offset) {
        long size = corpus.tokens().size();
        if (block.getFirstPosition() < size) {
            throw new IllegalArgumentException(
                    "The block begins with token %d, and the tokens before %d are known: it is there twice, or out of place"
                            .formatted(block.getFirstPosition(), size));
        }
        try {
            appendNext(block, size, offset);
        } catch (IllegalArgumentException e) {
            damage = Optional.of(
                    "%s (tokens partition %d, offset %d)".formatted(e.getMessage(), tokenPartition, offset));
            throw e;
        }
        damage = Optional.empty();
    }

    private void appendNext(TokenBlock block, long size, long offset) {
        if (block.getFirstPosition() != size) {
            throw new IllegalArgumentException(
                    "Tokens %d to %d are missing before this block".formatted(size, block.getFirstPosition() - 1));
        }
        if (size > 0 && !SpecConversion.reading(block).equals(corpus.reading())) {
            throw new IllegalArgumentException("The block was read with %s, and the corpus is read with %s"
                    .formatted(
                            SpecConversion.reading(block).description(),
                            corpus.reading().description()));
        }
        if (block.getFirstNewId() != corpus.vocabularySize()) {
            throw new IllegalArgumentException("The block's new entries begin with id %d, and the next is %d"
                    .formatted(block.getFirstNewId(), corpus.vocabularySize()));
        }
        int[] ids = new int[block.getTokens().size()];
        int i = 0;
        for (int id : block.getTokens()) {
            ids[i++] = id;
        }
        // Indexed first: whoever sees a token finds out where it came from.
        corpus.append(
                block.getNewEntries(), ids, () -> blocks.append(size + ids.length, offset, block.getTextOffset()));
    }

    /**
     * Up to which token the model of a checkpoint has learned.
     *
     * @param newest the manifest of the checkpoint, if there is one
     */
    public long learnedTokens(Optional<CheckpointManifest> newest) {
        return newest.filter(manifest -> manifest.getSource() != null)
                .map(this::learnedTokens)
                .orElse(0L);
    }

    private long learnedTokens(CheckpointManifest manifest) {
        StreamPosition next = manifest.getResumeAt();
        return next == null
                ? manifest.getSource().getEndPosition()
                : blocks.startOf(next.getTokenOffset()) + next.getToken();
    }

    /** The offset of the first record that holds tokens from a position on, if it was read. */
    public OptionalLong firstOffsetFrom(long position) {
        int block = blocks.blockOf(position);
        return block < blocks.blocks() ? OptionalLong.of(blocks.tokenOffset(block)) : OptionalLong.empty();
    }

    /** Where the token at a position lies, or will lie when the position is the end of what was read. */
    public StreamPosition streamPosition(long position) {
        int block = Math.min(blocks.blockOf(position), blocks.blocks() - 1);
        return StreamPosition.newBuilder()
                .setTokenOffset(blocks.tokenOffset(block))
                .setToken(Math.toIntExact(position - blocks.start(block)))
                .build();
    }

    /** Where the first so many tokens came from. */
    public SourceRange source(long tokens) {
        int last = blocks.blockOf(tokens - 1);
        return SourceRange.newBuilder()
                .setFirstPosition(0)
                .setEndPosition(tokens)
                .setTokenPartition(tokenPartition)
                .setFirstTokenOffset(blocks.tokenOffset(0))
                .setLastTokenOffset(blocks.tokenOffset(last))
                .setTextPartition(textPartition)
                .setFirstTextOffset(blocks.textOffset(0))
                .setLastTextOffset(blocks.textOffset(last))
                .build();
    }
}
