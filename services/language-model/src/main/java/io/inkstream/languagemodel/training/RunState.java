package io.inkstream.languagemodel.training;

/** What a {@link TrainingRun} can do next. */
public sealed interface RunState {

    /**
     * It cannot train yet.
     *
     * @param reason what it is waiting for
     */
    record Waiting(String reason) implements RunState {}

    /** There is a next minibatch. */
    record Training() implements RunState {}

    /** All epochs are done; new text or settings may change that. */
    record Done() implements RunState {}

    /**
     * It cannot continue with these settings.
     *
     * @param error what happened, and what to do
     */
    record Failed(String error) implements RunState {}
}
