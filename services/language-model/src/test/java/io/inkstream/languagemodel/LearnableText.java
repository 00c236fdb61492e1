package io.inkstream.languagemodel;

import io.inkstream.languagemodel.sampling.Minibatch;
import java.util.Random;

/** A text that can be learned: most tokens follow from the one before. */
public final class LearnableText {

    private LearnableText() {}

    /** The next minibatch. */
    public static Minibatch minibatch(Random random, int vocabulary, int lanes, int window, boolean fresh) {
        int tokens = lanes * window;
        long[] inputs = random.longs(tokens, 1, vocabulary).toArray();
        long[] targets = new long[tokens];
        for (int i = 0; i < tokens; i++) {
            targets[i] = random.nextInt(4) == 0 ? inputs[i] : 1 + inputs[i] * 5 % (vocabulary - 1);
        }
        return new Minibatch(window, lanes, inputs, targets, fresh);
    }
}
