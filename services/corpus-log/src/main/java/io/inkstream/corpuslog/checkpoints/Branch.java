package io.inkstream.corpuslog.checkpoints;

import io.inkstream.schemas.CheckpointManifest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The checkpoints of a corpus that lead to its current one. A rollback abandons those between its target and itself: they
 * may lie in their slots, whole, for long, and yet nobody may serve them or train from them until somebody rolls back to one
 * of them. The step of a checkpoint does not distinguish the two, as training counts on from that of the rollback's target; the
 * numbers of the manifests do, which only grow.
 *
 * <pre>
 *   number   0 ─ 1 ─ 2 ─ 3 ─ 4 ─ 5
 *                    └──── rollback to 2 ──── 6 ─ 7      7 carries: 3 to 5 are abandoned
 * </pre>
 */
public final class Branch {

    /** Ranges that a manifest carries at most. One range comes with each rollback. */
    static final int MOST_RANGES = 1_000;

    private static final Comparator<CheckpointManifest> NEWEST_FIRST =
            Comparator.comparingLong(CheckpointManifest::getNumber).reversed();

    private final CheckpointManifest tip;
    private final List<Range> abandoned;

    private Branch(CheckpointManifest tip, List<Range> abandoned) {
        this.tip = tip;
        this.abandoned = abandoned;
    }

    /** The branch that this manifest is the tip of. */
    public static Branch of(CheckpointManifest tip) {
        List<Range> abandoned = Range.parse(tip.getAbandoned());
        boolean unrecorded = tip.getRolledBackFrom() != null && abandoned.isEmpty() && tip.getNumber() > 0;
        // An earlier version wrote it, which did not record what it abandoned: that may be anything before it.
        return new Branch(tip, unrecorded ? List.of(new Range(0, tip.getNumber() - 1)) : abandoned);
    }

    /**
     * What the manifest of a rollback carries.
     *
     * @param target the manifest of the older checkpoint as it was first committed
     * @param newest the newest manifest
     */
    public static List<Long> abandonedByRollback(CheckpointManifest target, CheckpointManifest newest) {
        List<Range> ranges = new ArrayList<>(of(target).abandoned);
        ranges.add(new Range(target.getNumber() + 1, newest.getNumber()));
        if (ranges.size() > MOST_RANGES) { // the two oldest become one, with what is between them: too much is safe
            Range oldest = ranges.remove(0);
            ranges.set(0, new Range(oldest.first(), ranges.get(0).last()));
        }
        return Range.numbers(ranges);
    }

    /**
     * What the manifest that follows the newest carries, when it is no rollback.
     *
     * @param newest the newest manifest of the corpus, or null
     */
    public static List<Long> abandonedAfter(@Nullable CheckpointManifest newest) {
        return newest == null ? List.of() : Range.numbers(of(newest).abandoned);
    }

    /** True for the tip, and for every manifest before it that no rollback abandoned. */
    public boolean holds(CheckpointManifest manifest) {
        long number = manifest.getNumber();
        return number <= tip.getNumber() && abandoned.stream().noneMatch(range -> range.holds(number));
    }

    /**
     * What to fall back to when a checkpoint is damaged: what of the branch is still in its slots, without the checkpoints that
     * share their chunks with the damaged one, as what is wrong with its chunks is wrong with them.
     *
     * @param damaged the tip, or a checkpoint before it
     * @param inSlots the manifests of what lies in the slots, in any order
     * @return the newest first
     */
    public List<CheckpointManifest> fallbacks(CheckpointManifest damaged, List<CheckpointManifest> inSlots) {
        return inSlots.stream()
                .filter(this::holds)
                .filter(manifest -> !shareChunks(manifest, damaged))
                .sorted(NEWEST_FIRST)
                .toList();
    }

    private static boolean shareChunks(CheckpointManifest one, CheckpointManifest other) {
        return one.getChunkOffsets().equals(other.getChunkOffsets())
                && one.getCheckpointPartition() == other.getCheckpointPartition();
    }

    /** Numbers from the first to the last, inclusive; written as these two. */
    private record Range(long first, long last) {

        boolean holds(long number) {
            return first <= number && number <= last;
        }

        static List<Range> parse(List<Long> numbers) {
            return IntStream.range(0, numbers.size() / 2)
                    .mapToObj(i -> new Range(numbers.get(2 * i), numbers.get(2 * i + 1)))
                    .toList();
        }

        static List<Long> numbers(List<Range> ranges) {
            return ranges.stream()
                    .flatMap(range -> Stream.of(range.first, range.last))
                    .toList();
        }
    }
}
