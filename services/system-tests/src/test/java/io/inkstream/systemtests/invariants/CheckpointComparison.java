package io.inkstream.systemtests.invariants;

import io.inkstream.languagemodel.checkpoint.Checkpoint;
import io.inkstream.languagemodel.checkpoint.Span;
import io.inkstream.languagemodel.settings.TrainingSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * In which parts two checkpoints differ. All parts must be equal, bit for bit, but for where the history is divided: new
 * settings that ask for another number of epochs begin another span of it, and when they arrive changes no weight.
 */
final class CheckpointComparison {

    private CheckpointComparison() {}

    /** The names of the parts that differ. */
    static List<String> differences(Checkpoint one, Checkpoint other) {
        List<String> parts = new ArrayList<>();
        compare(parts, "weights", one, other, Checkpoint::weightsSha256);
        compare(parts, "optimizer state", one, other, checkpoint -> checkpoint
                .network()
                .optimizer());
        compare(parts, "hidden state", one, other, checkpoint -> checkpoint
                .network()
                .carried());
        compare(parts, "loss of the epoch", one, other, checkpoint -> checkpoint
                .network()
                .lossSum());
        compare(parts, "losses of the steps", one, other, checkpoint -> checkpoint
                .network()
                .stepLosses());
        compare(parts, "vocabulary", one, other, checkpoint -> checkpoint
                .vocabulary()
                .entries());
        compare(parts, "reading", one, other, Checkpoint::reading);
        compare(parts, "settings", one, other, checkpoint -> withoutEpochs(checkpoint.settings()));
        compare(parts, "cursor", one, other, Checkpoint::cursor);
        compare(parts, "history", one, other, CheckpointComparison::epochs);
        compare(parts, "engine", one, other, Checkpoint::engine);
        compare(parts, "device", one, other, Checkpoint::device);
        compare(parts, "threads", one, other, Checkpoint::threads);
        return parts;
    }

    private static void compare(
            List<String> parts, String name, Checkpoint one, Checkpoint other, Function<Checkpoint, Object> part) {
        if (!Objects.equals(part.apply(one), part.apply(other))) {
            parts.add(name);
        }
    }

    /** What each epoch was trained on, and how. */
    private static List<Span> epochs(Checkpoint checkpoint) {
        List<Span> history = checkpoint.history();
        List<Span> epochs = new ArrayList<>();
        for (int i = 0; i < history.size(); i++) {
            Span span = history.get(i);
            boolean online = span.settings().sampling().online();
            int end = i + 1 < history.size()
                    ? history.get(i + 1).firstEpoch()
                    : checkpoint.cursor().epoch();
            for (int epoch = span.firstEpoch(); epoch < end; epoch++) {
                long stretches = online
                        ? (epoch - span.firstEpoch())
                                * span.settings().sampling().stretch()
                        : 0;
                epochs.add(new Span(
                        epoch,
                        span.tokens() + stretches,
                        span.heldOut(),
                        online ? 0 : span.vocabulary(), // of a stream it is recorded where a span begins
                        withoutEpochs(span.settings()),
                        span.engine(),
                        span.threads()));
            }
        }
        return epochs;
    }

    private static TrainingSettings withoutEpochs(TrainingSettings settings) {
        return new TrainingSettings(settings.network(), settings.sampling(), settings.optimizer(), 0, settings.seed());
    }
}
