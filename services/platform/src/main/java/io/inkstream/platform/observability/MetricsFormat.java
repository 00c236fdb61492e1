package io.inkstream.platform.observability;

import org.jspecify.annotations.Nullable;

/** The two text formats in which Prometheus reads meters. */
public enum MetricsFormat {
    /** Prometheus's own text format. */
    PROMETHEUS("text/plain; version=0.0.4; charset=utf-8"),
    /** OpenMetrics 1.0. */
    OPEN_METRICS("application/openmetrics-text; version=1.0.0; charset=utf-8");

    private final String contentType;

    MetricsFormat(String contentType) {
        this.contentType = contentType;
    }

    /** Value of the HTTP header {@code Content-Type}. */
    public String contentType() {
        return contentType;
    }

    /**
     * The format for a client.
     *
     * @param accept what it sent as {@code Accept}, if anything
     */
    public static MetricsFormat acceptedBy(@Nullable String accept) {
        return accept != null && accept.contains("application/openmetrics-text") ? OPEN_METRICS : PROMETHEUS;
    }
}
