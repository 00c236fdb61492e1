package io.inkstream.languagemodel.bptt;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * What one thread computes at a time: a piece of a parameter.
 *
 * @param pieces into how many pieces each of its units is cut
 * @param at number of its first unit among the units of all parameters
 */
record Share(Parameter parameter, Piece piece, int pieces, int at) {

    /** Units that are computed together: their activations fit a core's second cache. */
    private static final int MAX_UNITS = 4;

    /** All parameters in whole units, so that each thread's range has about as many of every parameter. */
    static Share[] inUnits(List<Parameter> parameters, int threads) {
        return shares(parameters, threads, parameter -> 1);
    }

    /**
     * All parameters, with the units cut of those that have few: the output weights of a small vocabulary are one unit, for which
     * the other threads would wait.
     */
    static Share[] inPieces(List<Parameter> parameters, int threads) {
        return shares(parameters, threads, parameter -> pieces(parameter, threads));
    }

    private static Share[] shares(List<Parameter> parameters, int threads, ToIntFunction<Parameter> pieces) {
        List<List<Share>> byThread = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            byThread.add(new ArrayList<>());
        }
        int at = 0;
        for (Parameter parameter : parameters) {
            int units = parameter.units();
            int together = Math.min(MAX_UNITS, (units + threads - 1) / threads);
            int count = pieces.applyAsInt(parameter);
            int number = 0;
            for (int from = 0; from < units; from += together) {
                int to = Math.min(units, from + together);
                for (int i = 0; i < count; i++) {
                    Piece piece =
                            new Piece(from, to, parameter.parts() * i / count, parameter.parts() * (i + 1) / count);
                    byThread.get(number++ % threads).add(new Share(parameter, piece, count, at + from));
                }
            }
            at += units;
        }
        return byThread.stream().flatMap(List::stream).toArray(Share[]::new);
    }

    /** The least number of pieces of a unit with which all threads have as many, if few units do not have that by themselves. */
    private static int pieces(Parameter parameter, int threads) {
        int units = parameter.units();
        if (units >= MAX_UNITS * threads) {
            return 1;
        }
        int even = 1;
        while (units * even % threads != 0) {
            even++;
        }
        return Math.min(even, parameter.parts());
    }
}
