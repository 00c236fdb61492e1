package io.inkstream.systemtests.invariants;

import io.inkstream.corpuslog.checkpoints.CheckpointReader;
import io.inkstream.corpuslog.checkpoints.CheckpointUnreadableException;
import io.inkstream.languagemodel.checkpoint.Checkpoint;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.systemtests.workload.CorpusText;
import java.util.Optional;

/** The newest checkpoint of each corpus can be read, and hashes to what its manifest says. */
final class CheckpointsAreWhole {

    static final String DAMAGED = "checkpoints damaged";

    private CheckpointsAreWhole() {}

    /** Checks it, and returns the checkpoint if it is whole. */
    static Optional<Checkpoint> check(Evidence evidence, CorpusText text, Findings findings) {
        findings.count(DAMAGED, 0);
        CheckpointManifest manifest = evidence.newest(text.corpus());
        if (manifest == null) {
            findings.fault(DAMAGED, 1, "%s has no checkpoint", text.corpus());
            return Optional.empty();
        }
        try {
            Checkpoint checkpoint = Checkpoint.read(
                    new CheckpointReader(evidence.connection(), evidence.topics()).read(text.corpus(), manifest));
            if (checkpoint.weightsSha256().equals(manifest.getWeightsSha256())) {
                return Optional.of(checkpoint);
            }
            findings.fault(
                    DAMAGED,
                    1,
                    "the weights of %s hash to %s, not %s",
                    text.corpus(),
                    checkpoint.weightsSha256(),
                    manifest.getWeightsSha256());
        } catch (CheckpointUnreadableException e) {
            findings.fault(DAMAGED, 1, "%s: %s", text.corpus(), e.getMessage());
        }
        return Optional.empty();
    }
}
