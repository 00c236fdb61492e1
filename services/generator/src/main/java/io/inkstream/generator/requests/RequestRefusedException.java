package io.inkstream.generator.requests;

import io.inkstream.platform.InkstreamException;

/** A request that cannot be answered as it stands; the message is the answer. */
public final class RequestRefusedException extends InkstreamException {

    private final String corpus;
    private final String prefix;
    private final double temperature;
    private final boolean unreadable;

    /** There is no request in the record. */
    public static RequestRefusedException unreadable(String message, Throwable cause) {
        return new RequestRefusedException(null, "", 0, true, message, cause);
    }

    /** There is one, which cannot be answered. */
    RequestRefusedException(String corpus, String prefix, double temperature, String message, Throwable cause) {
        this(corpus, prefix, temperature, false, message, cause);
    }

    private RequestRefusedException(
            String corpus, String prefix, double temperature, boolean unreadable, String message, Throwable cause) {
        super(message, cause);
        this.corpus = corpus;
        this.prefix = prefix;
        this.temperature = temperature;
        this.unreadable = unreadable;
    }

    /** True when there is no request in the record: then it is a dead letter, too. */
    public boolean isUnreadable() {
        return unreadable;
    }

    /** The corpus asked for; null when it is not known. */
    public String corpus() {
        return corpus;
    }

    /** The prefix asked for; empty when it is not known, or too long. */
    public String prefix() {
        return prefix;
    }

    /** The temperature asked for; 0 when it is not known. */
    public double temperature() {
        return temperature;
    }
}
