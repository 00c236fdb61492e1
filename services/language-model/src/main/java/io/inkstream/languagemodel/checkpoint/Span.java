package io.inkstream.languagemodel.checkpoint;

import io.inkstream.languagemodel.settings.TrainingSettings;

/**
 * A run of epochs over the same tokens with the same settings. The list of spans is the whole history of a model: with
 * the tokens themselves it is enough to train the same weights again.
 *
 * @param firstEpoch the first epoch of the run
 * @param tokens tokens of the corpus that each epoch of it covers
 * @param vocabulary number of tokens that the network knew
 * @param settings how it was trained
 */
public record Span(int firstEpoch, long tokens, int vocabulary, TrainingSettings settings) {

    /** The same, beginning with another epoch. */
    public Span from(int epoch) {
        return new Span(epoch, tokens, vocabulary, settings);
    }
}
