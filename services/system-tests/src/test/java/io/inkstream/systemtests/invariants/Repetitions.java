package io.inkstream.systemtests.invariants;

import io.inkstream.languagemodel.checkpoint.Checkpoint;
import io.inkstream.platform.checkpoints.CheckpointReader;
import io.inkstream.platform.checkpoints.CheckpointUnreadableException;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.topics.TopicNames;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.systemtests.workload.CorpusText;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Undisturbed runs of what has been learned, one after the other in a thread of their own, while the disturbances go on. */
public final class Repetitions implements AutoCloseable {

    private final CheckpointReader checkpoints;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread repetitions = new Thread(task, "repetitions");
        repetitions.setDaemon(true);
        return repetitions;
    });
    private final Map<String, Future<String>> weights = new ConcurrentHashMap<>();

    /** Nothing is repeated yet. */
    public Repetitions(Connection connection, TopicNames topics) {
        this.checkpoints = new CheckpointReader(connection, topics);
    }

    /** Begins to train a corpus, which grows no more, once again up to a checkpoint. */
    public void begin(CorpusText text, CheckpointManifest manifest) {
        weights.put(
                manifest.getSha256(), thread.submit(() -> UndisturbedRun.weightsSha256(text, read(text, manifest))));
    }

    /** The hash of the weights that a corpus, left alone, comes to by this checkpoint. */
    String weightsSha256(CorpusText text, CheckpointManifest manifest) {
        if (!weights.containsKey(manifest.getSha256())) {
            begin(text, manifest);
        }
        try {
            return weights.get(manifest.getSha256()).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("%s cannot be trained again".formatted(text.corpus()), e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    /** The broker may be away at any moment; a checkpoint that is really damaged shows at the end. */
    private Checkpoint read(CorpusText text, CheckpointManifest manifest) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                return Checkpoint.read(checkpoints.read(text.corpus(), manifest));
            } catch (CheckpointUnreadableException e) {
                if (attempt == 10) {
                    throw e;
                }
                Thread.sleep(1_000);
            }
        }
    }
}
