package io.inkstream.cli.options;

import io.inkstream.client.Checkpoints;
import io.inkstream.client.InkstreamClient;
import io.inkstream.corpuslog.checkpoints.CheckpointReader;
import io.inkstream.languagemodel.checkpoint.Checkpoint;
import io.inkstream.schemas.CheckpointManifest;
import java.util.List;

/**
 * The checkpoint that a command is about.
 *
 * @param client the pipeline that it is in
 * @param all the checkpoints of its corpus
 * @param manifest its manifest
 */
public record ChosenCheckpoint(InkstreamClient client, Checkpoints all, CheckpointManifest manifest) {

    /** The checkpoints that training resumed from on the way to this one, oldest first, as far back as they are listed. */
    public List<CheckpointManifest> ancestors() {
        return all.ancestors(manifest);
    }

    /**
     * Reads its chunks and verifies their SHA-256.
     *
     * @throws io.inkstream.platform.InkstreamException if it cannot be read whole
     */
    public Checkpoint read() {
        return new CheckpointReader(client.connection(), client.topics())
                .read(all.corpus(), manifest, Checkpoint::read);
    }
}
