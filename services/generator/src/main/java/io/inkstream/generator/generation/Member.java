package io.inkstream.generator.generation;

import io.inkstream.languagemodel.decoding.Generation;

/** A request in the loop. Its methods are called on the loop's thread and must not wait. */
public interface Member {

    /** Whose request it is: clients take turns where not all requests can be generated together. */
    String client();

    /** What is generated. */
    Generation generation();

    /** False when nobody waits for the answer any more: it then leaves without a word. */
    boolean isWanted();

    /** It has ended: {@link Generation#state()} says how. */
    void ended();

    /** It cannot go on. */
    void failed(RuntimeException problem);
}
