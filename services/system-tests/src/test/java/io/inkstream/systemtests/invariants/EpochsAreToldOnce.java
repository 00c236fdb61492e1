package io.inkstream.systemtests.invariants;

import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.systemtests.workload.CorpusText;
import java.util.List;
import java.util.stream.IntStream;

/** The progress topic has each completed epoch of each corpus exactly once, in order. */
final class EpochsAreToldOnce {

    static final String COMPLETED = "epochs completed";
    static final String WRONG = "corpora with epochs missing or doubled";

    private EpochsAreToldOnce() {}

    static void checkOrder(Evidence evidence, CorpusText text, Findings findings) {
        List<Integer> told = told(evidence, text);
        findings.count(COMPLETED, told.size());
        findings.count(WRONG, 0);
        if (!told.equals(IntStream.rangeClosed(1, told.size()).boxed().toList())) {
            findings.fault(WRONG, 1, "%s told of %s", text.corpus(), told);
        }
    }

    static void checkLast(Evidence evidence, CorpusText text, Findings findings) {
        int told = told(evidence, text).size();
        CheckpointManifest newest = evidence.newest(text.corpus());
        if (newest != null && newest.getEpoch() != told) {
            findings.fault(WRONG, 1, "%s completed %d and told of %d", text.corpus(), newest.getEpoch(), told);
        }
    }

    private static List<Integer> told(Evidence evidence, CorpusText text) {
        return evidence.epochs().getOrDefault(text.corpus(), List.of()).stream()
                .map(epoch -> epoch.value().getEpoch())
                .toList();
    }
}
