package io.inkstream.systemtests.invariants;

import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.systemtests.workload.CorpusText;
import java.util.List;
import java.util.Objects;

/** Each manifest of a corpus continues the one before: two owners never published at the same time. */
final class ManifestsFormAChain {

    static final String COMMITTED = "checkpoints committed";
    static final String BROKEN = "manifests out of order";

    private ManifestsFormAChain() {}

    static void check(Evidence evidence, CorpusText text, Findings findings) {
        List<Evidence.Read<CheckpointManifest>> manifests = evidence.manifests().getOrDefault(text.corpus(), List.of());
        findings.count(COMMITTED, manifests.size());
        findings.count(BROKEN, 0);
        for (int i = 1; i < manifests.size(); i++) {
            CheckpointManifest before = manifests.get(i - 1).value();
            CheckpointManifest manifest = manifests.get(i).value();
            String where =
                    "%s, offset %d".formatted(text.corpus(), manifests.get(i).offset());
            if (!Objects.equals(manifest.getParent(), before.getSha256())) {
                findings.fault(
                        BROKEN, 1, "%s has the parent %s, not %s", where, manifest.getParent(), before.getSha256());
            }
            if (manifest.getStep() < before.getStep()
                    || manifest.getEpoch() < before.getEpoch()
                    || manifest.getTokensTrained() < before.getTokensTrained()) {
                findings.fault(BROKEN, 1, "%s is at step %d after %d", where, manifest.getStep(), before.getStep());
            }
            if (manifest.getNumber() != before.getNumber() + 1) {
                findings.fault(BROKEN, 1, "%s is number %d after %d", where, manifest.getNumber(), before.getNumber());
            }
        }
    }
}
