package io.inkstream.generator.generation;

import io.inkstream.languagemodel.decoding.Generation;

/** A request in the loop. Its methods are called on the loop's thread and must not block. */
public interface GenerationTask {

    /** The client, for fair scheduling. */
    String client();

    /** What is generated. */
    Generation generation();

    /** False when the answer is no longer needed: the task is then removed without being ended. */
    boolean isPending();

    /** Called when its first token was generated. */
    void begun();

    /** Called when it has ended: {@link Generation#state()} says how. */
    void ended();

    /** Called when it cannot be completed. */
    void failed(RuntimeException failure);
}
