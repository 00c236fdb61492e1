package io.inkstream.client;

import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.TokenBlock;
import io.inkstream.schemas.TrainingProgress;

/**
 * What the topics say about one corpus; each part is null where its topic has nothing.
 *
 * @param corpus its name
 * @param spec its settings
 * @param lastBlock the last tokens that ingest made of it
 * @param progress what the trainer said last
 * @param newestCheckpoint its newest committed checkpoint
 */
public record CorpusState(
        String corpus,
        CorpusSpec spec,
        TokenBlock lastBlock,
        TrainingProgress progress,
        CheckpointManifest newestCheckpoint) {

    /** Number of tokens that ingest has made. */
    public long tokens() {
        return lastBlock == null ? 0 : tokensUpTo(lastBlock);
    }

    /** Size of the vocabulary, {@code <unk>} included; 0 while there are no tokens. */
    public int vocabularySize() {
        return lastBlock == null ? 0 : vocabularyAfter(lastBlock);
    }

    /** Number of tokens of the corpus up to the end of this block. */
    public static long tokensUpTo(TokenBlock block) {
        return block.getFirstPosition() + block.getTokens().size();
    }

    /** Size of the vocabulary after this block, {@code <unk>} included. */
    public static int vocabularyAfter(TokenBlock block) {
        return block.getFirstNewId() + block.getNewEntries().size();
    }
}
