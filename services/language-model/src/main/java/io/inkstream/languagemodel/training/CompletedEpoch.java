package io.inkstream.languagemodel.training;

import io.inkstream.languagemodel.checkpoint.Cursor;
import io.inkstream.languagemodel.network.Tensor;

/**
 * The outcome of an epoch.
 *
 * @param cursor the position of training after it
 * @param epochsLeft epochs left on the text that it covered
 * @param vocabulary number of tokens that the network knows
 * @param unknownTokens its tokens that read as {@code <unk>} because they are too rare
 * @param gradientNorm global L2 norm of the last gradient, before clipping
 * @param stepLosses (n): mean cross-entropy of each of its first steps, in nats
 */
public record CompletedEpoch(
        Cursor cursor, int epochsLeft, int vocabulary, long unknownTokens, double gradientNorm, Tensor stepLosses) {}
