package io.inkstream.corpuslog.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inkstream.schemas.NormalizerKind;
import io.inkstream.schemas.SourceRange;
import io.inkstream.schemas.TokenBlock;
import io.inkstream.schemas.TokenizerKind;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class CorpusTokensTest {

    private static final int BLOCK = 3;

    @Test
    void theSourceOfEveryVisibleTokenIsKnown() {
        // Given a thread that asks where all the tokens that it sees came from, as a checkpoint does
        CorpusTokens tokens = new CorpusTokens(0, block(0));
        tokens.append(block(0), 0);
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Long> reader = CompletableFuture.supplyAsync(() -> {
            long looks = 0;
            for (; !done.get(); looks++) {
                long size = tokens.corpus().tokens().size();
                SourceRange source = tokens.source(size);
                assertThat(source.getLastTokenOffset()).isEqualTo(size / BLOCK - 1);
                assertThat(source.getLastTextOffset()).isEqualTo(1_000 + size / BLOCK - 1);
            }
            return looks;
        });

        // When another appends block after block
        for (int i = 1; i < 100_000 && !reader.isDone(); i++) {
            tokens.append(block(i), i);
        }
        done.set(true);

        // Then every answer is right
        assertThat(reader.join()).isPositive();
    }

    @Test
    void aRejectedBlockChangesNothing() {
        // Given
        CorpusTokens tokens = new CorpusTokens(0, block(0));
        tokens.append(block(0), 0);

        // When
        TokenBlock unknownId = block(1, List.of(1, 9, 1));
        assertThatThrownBy(() -> tokens.append(unknownId, 1)).hasMessageContaining("Token id 9");

        // Then the place of the end is in the block before it
        assertThat(tokens.firstOffsetFrom(BLOCK)).isEmpty();
        assertThat(tokens.streamPosition(BLOCK).getTokenOffset()).isZero();
        assertThat(tokens.streamPosition(BLOCK).getToken()).isEqualTo(BLOCK);
        assertThat(tokens.damage()).get().asString().contains("Token id 9", "offset 1");

        // And the next good one has its own
        tokens.append(block(1), 2);
        assertThat(tokens.source(2 * BLOCK).getLastTokenOffset()).isEqualTo(2);
        assertThat(tokens.damage()).isEmpty();
    }

    /** The block with this number, of one vocabulary entry that the first one brings. */
    private static TokenBlock block(int number) {
        return block(number, Collections.nCopies(BLOCK, 1));
    }

    private static TokenBlock block(int number, List<Integer> tokens) {
        return TokenBlock.newBuilder()
                .setFirstPosition((long) number * BLOCK)
                .setFirstNewId(number == 0 ? 1 : 2)
                .setNewEntries(number == 0 ? List.of("a") : List.of())
                .setTokens(tokens)
                .setTokenizer(TokenizerKind.CHARACTERS)
                .setNormalizer(NormalizerKind.LETTERS)
                .setTextPartition(0)
                .setTextOffset(1_000 + number)
                .build();
    }
}
