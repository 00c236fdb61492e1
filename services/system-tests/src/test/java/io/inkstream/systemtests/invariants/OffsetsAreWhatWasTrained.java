package io.inkstream.systemtests.invariants;

import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.TokenBlock;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/** The trainers' committed offset of each partition is that of the first token block that no newest checkpoint covers. */
final class OffsetsAreWhatWasTrained {

    static final String WRONG = "committed offsets that are not what was trained";

    private OffsetsAreWhatWasTrained() {}

    static void check(Evidence evidence, Findings findings) {
        findings.count(WRONG, 0);
        Map<Integer, Long> last = new TreeMap<>();
        Map<Integer, Long> untrained = new TreeMap<>();
        evidence.blocks().forEach((corpus, blocks) -> {
            int partition = blocks.get(0).partition();
            last.merge(partition, blocks.get(blocks.size() - 1).offset(), Math::max);
            firstBeyond(blocks, covered(evidence.newest(corpus)))
                    .ifPresent(offset -> untrained.merge(partition, offset, Math::min));
        });
        last.forEach((partition, offset) -> {
            long committed = evidence.trained().getOrDefault(partition, 0L);
            long end = evidence.tokenEnds().get(partition);
            Long first = untrained.get(partition);
            // Behind the last block there is nothing but transaction markers.
            if (first != null ? committed != first : committed <= offset || committed > end) {
                findings.fault(
                        WRONG,
                        1,
                        "partition %d: %d is committed; the last block is at %d, the first that was not trained at %s, the end at %d",
                        partition,
                        committed,
                        offset,
                        first,
                        end);
            }
        });
    }

    private static long covered(CheckpointManifest newest) {
        return newest == null || newest.getSource() == null
                ? 0
                : newest.getSource().getEndPosition();
    }

    private static OptionalLong firstBeyond(List<Evidence.Read<TokenBlock>> blocks, long covered) {
        return blocks.stream()
                .filter(block -> block.value().getFirstPosition()
                                + block.value().getTokens().size()
                        > covered)
                .mapToLong(Evidence.Read::offset)
                .findFirst();
    }
}
