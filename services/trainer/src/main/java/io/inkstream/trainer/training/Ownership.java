package io.inkstream.trainer.training;

import io.inkstream.corpuslog.checkpoints.CheckpointTransactions;
import io.inkstream.corpuslog.deadletters.PartitionDeadLetters;
import io.inkstream.schemas.CheckpointManifest;
import java.util.Map;
import java.util.Optional;

/** A phase of {@link OwnedPartition}, which draws the transitions between them. */
sealed interface Ownership {

    /**
     * The group has assigned the partition to this trainer, which may not commit in it yet, or any more.
     *
     * @param takeOverAt when it may be taken over, as {@link System#nanoTime}
     * @param fenced whether another has taken it over since this trainer did
     */
    record Pending(long takeOverAt, boolean fenced) implements Ownership {}

    /**
     * Earlier owners are fenced, and what they committed is known.
     *
     * @param manifests the newest manifest of each corpus at the take-over
     * @param deadLetters the records that are to become dead letters
     * @param confirmedAt start of the last transaction, or of the take-over: this trainer was the owner then
     */
    record Owned(
            CheckpointTransactions transactions,
            Map<String, CheckpointManifest> manifests,
            PartitionDeadLetters deadLetters,
            long confirmedAt)
            implements Ownership {

        /** The newest manifest of a corpus at the take-over. */
        Optional<CheckpointManifest> manifest(String corpus) {
            return Optional.ofNullable(manifests.get(corpus));
        }

        /** The same after another transaction was committed. */
        Owned confirmed(long at) {
            return new Owned(transactions, manifests, deadLetters, at);
        }
    }

    /** The group has assigned the partition to another, or this trainer stops. */
    record Released() implements Ownership {}
}
