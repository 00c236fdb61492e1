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

    static void check(Evidence evidence, CorpusText text, Findings findings) {
        List<Integer> told = evidence.epochs().getOrDefault(text.corpus(), List.of()).stream()
                .map(epoch -> epoch.value().getEpoch())
                .toList();
        CheckpointManifest newest = evidence.newest(text.corpus());
        List<Integer> completed = IntStream.rangeClosed(1, newest == null ? 0 : newest.getEpoch())
                .boxed()
                .toList();
        findings.count(COMPLETED, completed.size());
        findings.count(WRONG, 0);
        if (!told.equals(completed)) {
            findings.fault(WRONG, 1, "%s completed %d and told of %s", text.corpus(), completed.size(), told);
        }
    }
}
