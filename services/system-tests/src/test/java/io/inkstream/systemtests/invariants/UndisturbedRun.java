package io.inkstream.systemtests.invariants;

import io.inkstream.languagemodel.checkpoint.Checkpoint;
import io.inkstream.languagemodel.checkpoint.Span;
import io.inkstream.languagemodel.corpus.Corpus;
import io.inkstream.languagemodel.training.ComputeDevice;
import io.inkstream.languagemodel.training.RunState;
import io.inkstream.languagemodel.training.TrainingRun;
import io.inkstream.systemtests.workload.CorpusText;
import java.util.List;

/**
 * Trains a corpus once more, in this process and without a disturbance: from the text, and from what the checkpoint says
 * of how much of it was known when each epoch began.
 */
public final class UndisturbedRun {

    private final CorpusText text;
    private final Checkpoint checkpoint;
    private final Corpus corpus;
    private final List<Integer> ids;
    private final List<String> entries;
    private int appended;
    private int vocabulary;

    private UndisturbedRun(CorpusText text, Checkpoint checkpoint) {
        this.text = text;
        this.checkpoint = checkpoint;
        this.corpus = new Corpus(text.reading());
        this.ids = text.ids();
        this.entries = text.entries();
    }

    /** The hash of the weights to which the text, trained as the checkpoint was but left alone, comes. */
    public static String weightsSha256(CorpusText text, Checkpoint checkpoint) {
        return new UndisturbedRun(text, checkpoint).train();
    }

    private String train() {
        ComputeDevice device = ComputeDevice.open(ComputeDevice.Choice.CPU, checkpoint.threads());
        device.prepareThread();
        List<Span> history = checkpoint.history();
        try (TrainingRun run = TrainingRun.begin(corpus, history.get(0).settings(), device)) {
            int span = -1;
            while (run.cursor().step() < checkpoint.cursor().step()) {
                if (!run.cursor().insideEpoch()) {
                    while (span + 1 < history.size()
                            && history.get(span + 1).firstEpoch()
                                    <= run.cursor().epoch()) {
                        span++;
                        run.adopt(history.get(span).settings());
                        append(known(history.get(span)));
                    }
                }
                if (!(run.state() instanceof RunState.Training)) {
                    throw new IllegalStateException("%s cannot be trained again at step %d: %s"
                            .formatted(text.corpus(), run.cursor().step(), run.state()));
                }
                var unused = run.step();
            }
            return run.checkpoint().orElseThrow().weightsSha256();
        }
    }

    /** Online sampling takes the stream bit by bit, however much of it is known. */
    private int known(Span span) {
        return span.settings().sampling().method().name().equals("ONLINE")
                ? ids.size()
                : Math.toIntExact(span.tokens());
    }

    private void append(int size) {
        int[] more = ids.subList(appended, size).stream().mapToInt(id -> id).toArray();
        int grown = vocabulary;
        for (int id : more) {
            grown = Math.max(grown, id);
        }
        corpus.append(entries.subList(vocabulary, grown), more);
        appended = size;
        vocabulary = grown;
    }
}
