package io.inkstream.languagemodel.training;

/** What a {@link TrainingRun} can do next. */
public sealed interface RunState {

    /**
     * It cannot train yet.
     *
     * @param reason what it waits for
     */
    record Waiting(String reason) implements RunState {}

    /** There is a next minibatch. */
    record Training() implements RunState {}

    /** All epochs are done; new text or settings may change that. */
    record Done() implements RunState {}

    /**
     * It cannot go on with these settings.
     *
     * @param reason what happened, and what to do
     */
    record Failed(String reason) implements RunState {}
}
