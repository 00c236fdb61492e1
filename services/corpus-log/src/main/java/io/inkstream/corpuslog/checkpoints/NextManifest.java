package io.inkstream.corpuslog.checkpoints;

import io.inkstream.corpuslog.specs.SpecConversion;
import io.inkstream.languagemodel.checkpoint.Checkpoint;
import io.inkstream.languagemodel.checkpoint.Cursor;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.SourceRange;
import io.inkstream.schemas.SpecPosition;
import io.inkstream.schemas.StreamPosition;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The manifest that follows the newest one of its corpus. Whoever commits one, the owner, an import or a rollback, makes it
 * here, after having fenced everybody else: so numbers grow by one, and what rollbacks abandoned stays recorded.
 */
public final class NextManifest {

    private final @Nullable CheckpointManifest newest;

    private NextManifest(@Nullable CheckpointManifest newest) {
        this.newest = newest;
    }

    /**
     * Where a trained checkpoint comes from.
     *
     * @param parent SHA-256 of the checkpoint that its training resumed from
     * @param source the tokens it was trained on
     * @param resumeAt with online sampling, the first token it was not trained on
     */
    public record Provenance(Optional<String> parent, SourceRange source, Optional<StreamPosition> resumeAt) {}

    /** What follows the newest manifest of a corpus, or is its first. */
    public static NextManifest after(Optional<CheckpointManifest> newest) {
        return new NextManifest(newest.orElse(null));
    }

    /**
     * The manifest of a checkpoint that was trained here.
     *
     * @param finished whether all epochs are done
     */
    public ManifestDraft trained(
            Checkpoint checkpoint, CheckpointSlots slots, Provenance provenance, boolean finished) {
        Cursor cursor = checkpoint.cursor();
        return ManifestDraft.of(of(checkpoint, slots)
                .setParent(provenance.parent().orElse(null))
                .setStep(cursor.step())
                .setEpoch(cursor.epoch())
                .setValidationPerplexity(finite(cursor.validationPerplexity()))
                .setTokensTrained(cursor.tokensTrained())
                .setFinished(finished)
                .setSpec(SpecConversion.spec(checkpoint.reading(), checkpoint.settings()))
                .setSource(provenance.source())
                .setResumeAt(provenance.resumeAt().orElse(null)));
    }

    /**
     * The manifest of a model that was trained elsewhere. It replaces an earlier import.
     *
     * @param spec how its text was read
     * @param origin where it came from
     */
    public ManifestDraft imported(Checkpoint model, CheckpointSlots slots, CorpusSpec spec, String origin) {
        return ManifestDraft.of(of(model, slots)
                .setParent(newest == null ? null : newest.getSha256())
                .setStep(0)
                .setEpoch(0)
                .setTokensTrained(0)
                .setFinished(true)
                .setSpec(spec)
                .setImported(origin));
    }

    /**
     * The manifest that makes an older checkpoint current again.
     *
     * @param target the manifest of the older checkpoint
     * @param specsEnd the end of the specs: only those published later resume training
     * @throws java.util.NoSuchElementException if the corpus has no manifest
     */
    public CheckpointManifest rolledBackTo(CheckpointManifest target, Optional<SpecPosition> specsEnd) {
        CheckpointManifest current = Optional.ofNullable(newest).orElseThrow();
        return CheckpointManifest.newBuilder(target)
                .setNumber(CheckpointSlots.numberAfter(current))
                .setRolledBackFrom(current.getSha256())
                .setRolledBackAt(specsEnd.orElse(null))
                .setAbandoned(Branch.abandonedByRollback(target, current))
                .setCreatedAt(Instant.now())
                .build();
    }

    private CheckpointManifest.Builder of(Checkpoint checkpoint, CheckpointSlots slots) {
        return CheckpointManifest.newBuilder()
                .setWeightsSha256(checkpoint.weightsSha256())
                .setNumber(CheckpointSlots.numberAfter(newest))
                .setAbandoned(Branch.abandonedAfter(newest))
                .setSlot(slots.slotAfter(newest))
                .setPerplexity(finite(checkpoint.cursor().perplexity()))
                .setVocabularySize(checkpoint.vocabulary().size())
                .setEngine(checkpoint.engine().word())
                .setDevice(checkpoint.device())
                .setThreads(checkpoint.threads())
                .setCreatedAt(Instant.now());
    }

    /** null instead of a number that Avro's readers in other languages may reject. */
    private static @Nullable Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
