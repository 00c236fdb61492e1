package io.inkstream.systemtests.invariants;

import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.SamplingKind;
import io.inkstream.schemas.StreamPosition;
import io.inkstream.schemas.TokenBlock;
import io.inkstream.schemas.TrainingSpec;
import io.inkstream.systemtests.workload.CorpusText;
import java.util.List;

/** With online sampling as many tokens were trained as whole stretches were produced, and training continues with the next. */
final class StreamsAreTrainedOnce {

    static final String TRAINED = "tokens trained online";
    static final String WRONG = "tokens trained online twice, or not at all";

    private StreamsAreTrainedOnce() {}

    static void check(Evidence evidence, CorpusText text, Findings findings) {
        CheckpointManifest newest = evidence.newest(text.corpus());
        TrainingSpec spec = newest == null ? null : newest.getSpec().getTraining();
        if (spec == null || spec.getSampling() != SamplingKind.ONLINE) {
            return;
        }
        long stretch = (long) spec.getBatch() * spec.getWindow() * spec.getSegmentWindows();
        long expected = Math.max(0, text.size() - 1) / stretch * stretch;
        long trained = newest.getTokensTrained();
        findings.count(TRAINED, trained);
        findings.count(WRONG, 0);
        if (trained != expected) {
            findings.fault(
                    WRONG,
                    Math.abs(trained - expected),
                    "%s was trained on %d tokens of %d that were produced, not %d",
                    text.corpus(),
                    trained,
                    text.size(),
                    expected);
        }
        StreamPosition next = newest.getResumeAt();
        long resumesAt = next == null ? -1 : startOf(next.getTokenOffset(), evidence, text) + next.getToken();
        if (resumesAt != expected) {
            findings.fault(WRONG, 1, "%s continues at token %d, not %d", text.corpus(), resumesAt, expected);
        }
    }

    private static long startOf(long offset, Evidence evidence, CorpusText text) {
        List<Evidence.Read<TokenBlock>> blocks = evidence.blocks().getOrDefault(text.corpus(), List.of());
        return blocks.stream()
                .filter(block -> block.offset() == offset)
                .mapToLong(block -> block.value().getFirstPosition())
                .findFirst()
                .orElse(Long.MIN_VALUE / 2);
    }
}
