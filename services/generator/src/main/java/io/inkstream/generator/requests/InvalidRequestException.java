package io.inkstream.generator.requests;

import io.inkstream.platform.InkstreamException;
import java.util.Optional;

/** A request that cannot be completed, because a parameter is not valid or beyond a limit; the message is the answer. */
public final class InvalidRequestException extends InkstreamException {

    private final Optional<String> corpus;
    private final String prefix;
    private final double temperature;

    InvalidRequestException(
            Optional<String> corpus, String prefix, double temperature, String message, Throwable cause) {
        super(message, cause);
        this.corpus = corpus;
        this.prefix = prefix;
        this.temperature = temperature;
    }

    /** The requested corpus, if it is known. */
    public Optional<String> corpus() {
        return corpus;
    }

    /** The requested prefix; empty when it is too long. */
    public String prefix() {
        return prefix;
    }

    /** The requested temperature; 0 when it is unknown. */
    public double temperature() {
        return temperature;
    }
}
