package io.inkstream.systemtests.invariants;

import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.systemtests.workload.CorpusText;
import java.util.List;
import java.util.stream.IntStream;

/** The progress topic has each completed epoch of each corpus exactly once, in order. */
final class EpochsAreRecordedOnce {

    static final String COMPLETED = "epochs completed";
    static final String WRONG = "corpora with epochs missing or doubled";

    private EpochsAreRecordedOnce() {}

    static void checkOrder(Evidence evidence, CorpusText text, Findings findings) {
        List<Integer> recorded = recorded(evidence, text);
        findings.count(COMPLETED, recorded.size());
        findings.count(WRONG, 0);
        if (!recorded.equals(IntStream.rangeClosed(1, recorded.size()).boxed().toList())) {
            findings.fault(WRONG, 1, "%s recorded %s", text.corpus(), recorded);
        }
    }

    static void checkLast(Evidence evidence, CorpusText text, Findings findings) {
        int recorded = recorded(evidence, text).size();
        CheckpointManifest newest = evidence.newest(text.corpus());
        if (newest != null && newest.getEpoch() != recorded) {
            findings.fault(WRONG, 1, "%s completed %d and recorded %d", text.corpus(), newest.getEpoch(), recorded);
        }
    }

    private static List<Integer> recorded(Evidence evidence, CorpusText text) {
        return evidence.epochs().getOrDefault(text.corpus(), List.of()).stream()
                .map(epoch -> epoch.value().getEpoch())
                .toList();
    }
}
