package io.inkstream.launcher.commandline;

import io.inkstream.platform.InkstreamException;
import java.util.Optional;

/** A mixin of a command that knows more about some failures than their exceptions say. */
public interface FailureExplanation {

    /** What to say of a failure instead of its own message; empty if that is all there is to say. */
    Optional<InkstreamException> explain(Exception failure);
}
