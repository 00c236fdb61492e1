package io.inkstream.languagemodel.checkpoint;

import io.inkstream.languagemodel.settings.TrainingSettings;

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
 * @param threads CPU threads per operation
 */
public record Span(int firstEpoch, long tokens, long heldOut, int vocabulary, TrainingSettings settings, int threads) {

    /** True when an epoch that begins like the given one belongs to the run. */
    public boolean holds(Span epoch) {
        if (settings.sampling().online()) {
            return settings.equals(epoch.settings) && threads == epoch.threads;
        }
        return equals(
                new Span(firstEpoch, epoch.tokens, epoch.heldOut, epoch.vocabulary, epoch.settings, epoch.threads));
    }
}
