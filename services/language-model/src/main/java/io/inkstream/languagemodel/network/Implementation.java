package io.inkstream.languagemodel.network;

/** How the recurrence is computed. Both give the same numbers, except for rounding. */
public enum Implementation {
    /** One call of PyTorch's recurrent layer for all time steps. */
    NATIVE,
    /** The cell's equations written out, step by step. */
    EXPLICIT
}
