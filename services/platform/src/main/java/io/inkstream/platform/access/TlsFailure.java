package io.inkstream.platform.access;

/** Says why a TLS handshake with a server failed. */
public final class TlsFailure {

    private TlsFailure() {}

    /**
     * A sentence.
     *
     * @param server of whom, as the beginning of a sentence
     * @param variables what the names of the variables with the client's settings begin with, for instance {@code KAFKA_SSL}
     * @param option which names the server
     */
    public static String sentence(String server, String variables, String option, Throwable failure) {
        return AuthenticationFailure.tls(server, variables, option, failure);
    }
}
