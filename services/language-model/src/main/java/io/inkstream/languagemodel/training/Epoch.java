package io.inkstream.languagemodel.training;

import io.inkstream.languagemodel.checkpoint.Cursor;
import io.inkstream.languagemodel.corpus.Corpus;
import io.inkstream.languagemodel.corpus.KnownTokens;
import io.inkstream.languagemodel.engine.TrainedNetwork;
import io.inkstream.languagemodel.sampling.Minibatch;
import io.inkstream.languagemodel.sampling.Sampler;
import io.inkstream.languagemodel.settings.SamplingSettings;
import io.inkstream.languagemodel.settings.TrainingSettings;
import java.util.ArrayList;
import java.util.List;

/**
 * The current epoch of a {@link TrainingRun}: its minibatches, and the network that learns from them.
 *
 * @param network what learns from them
 * @param settings what the epoch is trained with
 * @param corpus the tokens
 * @param known which of them the network knows
 * @param sampler the minibatches
 * @param buffers for the windows of a step, so that a step allocates nothing for its tokens
 */
record Epoch(
        TrainedNetwork network,
        TrainingSettings settings,
        Corpus corpus,
        KnownTokens known,
        Sampler sampler,
        List<Minibatch> buffers) {

    /**
     * The epoch at a position.
     *
     * @param cursor within the epoch, or at its beginning
     * @param vocabulary number of tokens that the network knows
     */
    static Epoch at(Cursor cursor, TrainedNetwork network, TrainingSettings settings, Corpus corpus, int vocabulary) {
        SamplingSettings sampling = settings.sampling();
        long end = sampling.read(cursor.epochTokens());
        KnownTokens known = KnownTokens.of(corpus, end, sampling.minFrequency(), vocabulary);
        Sampler sampler = Sampler.of(
                sampling.method(),
                known.section(corpus.tokens(), firstToken(cursor, sampling), end),
                sampling.batch(),
                sampling.window(),
                settings.seed(),
                cursor.epoch());
        return new Epoch(network, settings, corpus, known, sampler, new ArrayList<>());
    }

    /** Position of the first token that the epoch at this position trains on. */
    static long firstToken(Cursor cursor, SamplingSettings sampling) {
        return sampling.online() ? cursor.epochTokens() - sampling.stretch() : 0;
    }

    /** Whether minibatches are left. */
    boolean hasNext(Cursor cursor) {
        return cursor.minibatch() < sampler.minibatches();
    }

    /**
     * Trains on the next minibatch, with gradients through as many windows as are configured and available.
     *
     * @return the position after it
     */
    Cursor train(Cursor cursor) {
        int wanted = settings.sampling().gradientWindows();
        int first = Math.max(0, cursor.minibatch() - wanted + 1);
        int count = cursor.minibatch() - first + 1;
        for (int i = 0; i < count; i++) {
            if (i == buffers.size()) {
                buffers.add(sampler.buffer());
            }
            buffers.set(i, sampler.read(first + i, buffers.get(i)));
        }
        network.step(buffers.subList(0, count), count == wanted, settings.optimizer(), cursor.step() + 1);
        return cursor.afterMinibatch(buffers.get(0).tokens());
    }

    /** Whether there are tokens to evaluate at the end of the epoch, and a network that can be evaluated. */
    boolean validates(Cursor cursor) {
        return cursor.heldOut() > 0 && Double.isFinite(network.lossSum());
    }

    /** An evaluation of the held-out tokens, from their start. */
    Evaluation validation(Cursor cursor) {
        long from = cursor.epochTokens();
        return new Evaluation(
                network,
                known.section(corpus.tokens(), from, from + cursor.heldOut()),
                settings.sampling().batch(),
                settings.sampling().window());
    }

    /** Tokens of the epoch. */
    long tokens() {
        SamplingSettings sampling = settings.sampling();
        return (long) sampler.minibatches() * sampling.batch() * sampling.window();
    }
}
