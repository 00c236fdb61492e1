package io.inkstream.systemtests.chaos;

/** What can be done to a process. */
public enum ChaosKind {
    /** SIGKILL; restarted after a pause. */
    KILL,
    /** SIGSTOP, and SIGCONT after a pause. */
    PAUSE,
    /** SIGTERM; it is started again when it has ended. */
    RESTART,
    /**
     * SIGKILL, and when the group has noticed, its committed offsets are deleted, as if the service had been away for longer
     * than Kafka keeps them; then it is started again.
     */
    FORGET
}
