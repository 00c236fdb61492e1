package io.inkstream.platform.registry;

import io.inkstream.schemas.NormalizerKind;
import io.inkstream.schemas.TokenBlock;
import io.inkstream.schemas.TokenizerKind;
import java.util.List;

/** Records to test with. */
final class Samples {

    private Samples() {}

    static TokenBlock block(List<String> newEntries, List<Integer> tokens) {
        return TokenBlock.newBuilder()
                .setFirstPosition(7)
                .setFirstNewId(1)
                .setNewEntries(newEntries)
                .setTokens(tokens)
                .setTokenizer(TokenizerKind.CHARACTERS)
                .setNormalizer(NormalizerKind.VERBATIM)
                .setTextPartition(2)
                .setTextOffset(99)
                .build();
    }
}
