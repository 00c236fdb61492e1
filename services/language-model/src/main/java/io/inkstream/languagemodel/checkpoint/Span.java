package io.inkstream.languagemodel.checkpoint;

import io.inkstream.languagemodel.engine.EngineKind;
import io.inkstream.languagemodel.settings.TrainingSettings;
import java.util.Optional;

/**
 * A run of epochs over the same tokens with the same settings. The list of spans is the whole history of a model: with
 * the tokens themselves it is enough to train the same weights again.
 *
 * @param firstEpoch the first epoch of the run
 * @param tokens tokens of the corpus that each epoch of it trains on; with online sampling, the start of its first
 *     stretch
 * @param heldOut tokens after those that each epoch holds out
 * @param vocabulary number of tokens that the network knew in its first epoch
 * @param settings how it was trained
 * @param engine what computed it; empty: the cell's equations spelled out in PyTorch, as earlier versions could
 * @param threads CPU threads per operation; 0: the bits do not depend on their number
 */
public record Span(
        int firstEpoch,
        long tokens,
        long heldOut,
        int vocabulary,
        TrainingSettings settings,
        Optional<EngineKind> engine,
        int threads) {

    /** True when an epoch that begins like the given one belongs to the run. */
    public boolean holds(Span epoch) {
        if (settings.sampling().online()) {
            return settings.equals(epoch.settings) && engine.equals(epoch.engine) && threads == epoch.threads;
        }
        return equals(new Span(
                firstEpoch,
                epoch.tokens,
                epoch.heldOut,
                epoch.vocabulary,
                epoch.settings,
                epoch.engine,
                epoch.threads));
    }
}
