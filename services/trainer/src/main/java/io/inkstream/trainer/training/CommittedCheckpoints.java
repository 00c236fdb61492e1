package io.inkstream.trainer.training;

import io.inkstream.corpuslog.checkpoints.CheckpointHistory;
import io.inkstream.corpuslog.checkpoints.CheckpointReader;
import io.inkstream.corpuslog.checkpoints.CheckpointUnreadableException;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.languagemodel.checkpoint.Checkpoint;
import io.inkstream.platform.config.Connection;
import io.inkstream.schemas.CheckpointManifest;
import java.util.List;

/** Checkpoints from their topics; one of a training that diverged counts as damaged. */
final class CommittedCheckpoints implements CheckpointSource {

    private final CheckpointReader reader;
    private final CheckpointHistory history;

    CommittedCheckpoints(Connection connection, TopicNames topics) {
        this.reader = new CheckpointReader(connection, topics);
        this.history = new CheckpointHistory(connection, topics);
    }

    @Override
    public Checkpoint read(String corpus, CheckpointManifest manifest) {
        Checkpoint checkpoint = reader.read(corpus, manifest, Checkpoint::read);
        checkpoint.network().notFinite().ifPresent(sign -> {
            throw new CheckpointUnreadableException(
                    "Checkpoint %s of corpus '%s' is from a training that diverged (%s); earlier versions committed such checkpoints."
                            .formatted(manifest.getSha256(), corpus, sign));
        });
        return checkpoint;
    }

    @Override
    public List<CheckpointManifest> fallbacks(String corpus, CheckpointManifest damaged) {
        return history.fallbacks(corpus, damaged);
    }
}
