package io.inkstream.client.operations;

import io.inkstream.client.Checkpoints;
import io.inkstream.client.Checkpoints.Chunks;
import io.inkstream.corpuslog.checkpoints.CheckpointReader;
import io.inkstream.corpuslog.checkpoints.CheckpointTransactions;
import io.inkstream.corpuslog.checkpoints.NextManifest;
import io.inkstream.corpuslog.checkpoints.OwnershipLostException;
import io.inkstream.corpuslog.specs.SpecsEnd;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.config.Connection;
import io.inkstream.schemas.CheckpointManifest;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;

/**
 * Makes an older checkpoint current again: a new manifest names its chunks, and nothing is erased.
 *
 * <p>While it lasts, the rollback owns the corpus's partition: its transactional id is the trainer's, so a trainer cannot
 * commit on top of the checkpoint that is rolled back from. The trainer then takes the partition over again and finds the
 * older checkpoint.
 */
public final class Rollback {

    private final Connection connection;
    private final TopicNames topics;

    /** Rollbacks on these topics. */
    public Rollback(Connection connection, TopicNames topics) {
        this.connection = connection;
        this.topics = topics;
    }

    /**
     * Rolls back.
     *
     * @param sha256 the first digits of the older checkpoint's SHA-256
     * @return the new manifest
     * @throws InkstreamException if there is no such checkpoint, it cannot be read whole, it is current already, or the new
     *     manifest cannot be committed
     */
    public CheckpointManifest to(String corpus, String sha256) {
        Checkpoints before = Checkpoints.read(connection, topics, corpus);
        CheckpointManifest seen = before.named(sha256);
        requireAvailable(seen, before);
        requireWhole(corpus, seen);
        int partition = seen.getCheckpointPartition();
        try (CheckpointTransactions transactions = new CheckpointTransactions(connection, topics, partition)) {
            // From here on nobody else can commit, and overwrite it.
            Checkpoints now = Checkpoints.read(connection, topics, corpus);
            CheckpointManifest target = now.named(seen.getSha256());
            requireAvailable(target, now);
            if (!Chunks.of(target).equals(Chunks.of(seen))) {
                requireWhole(corpus, target);
            }
            CheckpointManifest newest = now.newest();
            if (newest.getSha256().equals(target.getSha256())) {
                throw new InkstreamException(
                        "Checkpoint %s is the current one of corpus '%s': there is nothing to roll back."
                                .formatted(target.getSha256(), corpus));
            }
            CheckpointManifest current = NextManifest.after(Optional.of(newest))
                    .rolledBackTo(target, SpecsEnd.of(connection, topics, partition));
            transactions.commitManifest(corpus, current);
            return current;
        } catch (OwnershipLostException | KafkaException e) {
            throw new InkstreamException(
                    "Corpus '%s' could not be rolled back (%s): the newest checkpoint is still current; try again."
                            .formatted(corpus, e.getMessage()),
                    e);
        }
    }

    /** Reads the checkpoint, which fails if it is not whole. */
    private void requireWhole(String corpus, CheckpointManifest target) {
        new CheckpointReader(connection, topics).read(corpus, target, (file, bytes) -> bytes);
    }

    private static void requireAvailable(CheckpointManifest target, Checkpoints among) {
        if (!among.isReadable(target)) {
            throw new InkstreamException(
                    "Checkpoint %s of corpus '%s' was overwritten: choose one that 'inkstream checkpoints --corpus %s' does not mark as gone, and keep some for good with --keep-every."
                            .formatted(target.getSha256(), among.corpus(), among.corpus()));
        }
    }
}
