package io.inkstream.systemtests.invariants;

import io.inkstream.languagemodel.checkpoint.Checkpoint;
import io.inkstream.systemtests.workload.CorpusText;
import java.util.List;

/** The newest checkpoint of each corpus is, bit for bit, that of an uninterrupted run. */
final class TrainingIsRepeatable {

    static final String COMPARED = "checkpoints compared with an undisturbed run";
    static final String MISMATCHES = "checkpoints that differ from an undisturbed run's";

    private TrainingIsRepeatable() {}

    static void check(CorpusText text, Checkpoint checkpoint, Checkpoint undisturbed, Findings findings) {
        findings.count(COMPARED, 1);
        findings.count(MISMATCHES, 0);
        List<String> differences = CheckpointComparison.differences(checkpoint, undisturbed);
        if (!differences.isEmpty()) {
            findings.fault(
                    MISMATCHES,
                    1,
                    "%s has the weights %s at %s; an uninterrupted run has %s at %s; they differ in: %s",
                    text.corpus(),
                    checkpoint.weightsSha256(),
                    checkpoint.cursor(),
                    undisturbed.weightsSha256(),
                    undisturbed.cursor(),
                    String.join(", ", differences));
        }
    }
}
