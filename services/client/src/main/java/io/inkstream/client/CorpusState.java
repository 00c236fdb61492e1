package io.inkstream.client;

import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.TokenBlock;
import io.inkstream.schemas.TrainingProgress;
import java.util.Optional;

/**
 * What the topics hold about one corpus; each part is empty where its topic has nothing.
 *
 * @param corpus its name
 * @param spec its newest spec
 * @param lastBlock the last tokens that ingest has written
 * @param progress the trainer's newest progress record
 * @param newestCheckpoint its newest committed checkpoint
 */
public record CorpusState(
        String corpus,
        Optional<CorpusSpec> spec,
        Optional<TokenBlock> lastBlock,
        Optional<TrainingProgress> progress,
        Optional<CheckpointManifest> newestCheckpoint) {

    /** Number of tokens that ingest has written. */
    public long tokens() {
        return lastBlock.map(CorpusState::tokensUpTo).orElse(0L);
    }

    /** Size of the vocabulary, {@code <unk>} included; 0 without tokens. */
    public int vocabularySize() {
        return lastBlock.map(CorpusState::vocabularyAfter).orElse(0);
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
