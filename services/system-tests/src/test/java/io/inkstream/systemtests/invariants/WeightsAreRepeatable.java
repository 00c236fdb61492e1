package io.inkstream.systemtests.invariants;

import io.inkstream.languagemodel.checkpoint.Checkpoint;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.systemtests.workload.CorpusText;

/** The newest weights of each corpus are, bit for bit, those of a run that was left alone. */
final class WeightsAreRepeatable {

    static final String COMPARED = "weights compared with an undisturbed run";
    static final String MISMATCHES = "hash mismatches";

    private WeightsAreRepeatable() {}

    static void check(
            CorpusText text,
            CheckpointManifest manifest,
            Checkpoint checkpoint,
            Repetitions repetitions,
            Findings findings) {
        findings.count(COMPARED, 1);
        findings.count(MISMATCHES, 0);
        String undisturbed = repetitions.weightsSha256(text, manifest);
        if (!undisturbed.equals(checkpoint.weightsSha256())) {
            findings.fault(
                    MISMATCHES,
                    1,
                    "%s has the weights %s at step %d; left alone it has %s",
                    text.corpus(),
                    checkpoint.weightsSha256(),
                    checkpoint.cursor().step(),
                    undisturbed);
        }
    }
}
