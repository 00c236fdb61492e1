package io.inkstream.generator.requests;

import io.inkstream.platform.InkstreamException;

/** A request that cannot be answered as it stands; the message is the answer. */
public final class RequestRefusedException extends InkstreamException {

    private final String corpus;
    private final String prefix;
    private final double temperature;

    RequestRefusedException(String corpus, String prefix, double temperature, String message, Throwable cause) {
        super(message, cause);
        this.corpus = corpus;
        this.prefix = prefix;
        this.temperature = temperature;
    }

    /** The corpus asked for; null when it is not known. */
    public String corpus() {
        return corpus;
    }

    /** The prefix asked for; empty when it is not known. */
    public String prefix() {
        return prefix;
    }

    /** The temperature asked for; 0 when it is not known. */
    public double temperature() {
        return temperature;
    }
}
