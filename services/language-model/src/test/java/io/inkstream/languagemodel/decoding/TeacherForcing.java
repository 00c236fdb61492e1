package io.inkstream.languagemodel.decoding;

import io.inkstream.languagemodel.corpus.TokenSource;
import java.util.ArrayList;
import java.util.List;

/** A decoder that is fed a given text instead of its own choices. */
public final class TeacherForcing {

    private TeacherForcing() {}

    /** exp(mean cross-entropy) of every token of the text except the first. */
    public static double perplexity(Decoder decoder, TokenSource text) {
        Generation generation = decoder.begin("", DecodingOptions.greedy(1));
        double sum = 0;
        for (long position = 0; position < text.size() - 1; position++) {
            generation.feedNext(text.id(position));
            decoder.forward(List.of(generation));
            sum += crossEntropy(generation.recurrentState().logits(), text.id(position + 1));
        }
        return Math.exp(sum / (text.size() - 1));
    }

    /** The logits (V) after each token of a text that is given by its ids. */
    public static List<float[]> logits(Decoder decoder, int[] text) {
        Generation generation = decoder.begin("", DecodingOptions.greedy(1));
        List<float[]> logits = new ArrayList<>();
        for (int id : text) {
            generation.feedNext(id);
            decoder.forward(List.of(generation));
            logits.add(generation.recurrentState().logits().clone());
        }
        return logits;
    }

    private static double crossEntropy(float[] logits, int target) {
        double largest = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            largest = Math.max(largest, logit);
        }
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - largest);
        }
        return largest + Math.log(sum) - logits[target];
    }
}
