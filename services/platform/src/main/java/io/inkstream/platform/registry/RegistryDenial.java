package io.inkstream.platform.registry;

import io.inkstream.platform.access.HttpProbe;
import io.inkstream.platform.access.TlsFailure;
import io.inkstream.platform.access.TlsProbe;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.security.cert.CertificateException;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/** Tells a registry that this client does not trust, or that speaks another protocol, from one that is down. */
final class RegistryDenial {

    private RegistryDenial() {}

    /**
     * What a request that was not answered has to do with TLS: a certificate, or a protocol that only one of both speaks.
     *
     * @return empty if the registry is only unavailable
     */
    static Optional<RegistryAccessException> tls(RegistryEndpoint endpoint, IOException failure) {
        String server = "The schema registry at " + endpoint;
        boolean rejected = failure instanceof SSLException && !isClosed(failure);
        if (rejected && (failure instanceof SSLHandshakeException || isCertificate(failure) || isNoTls(failure))) {
            return Optional.of(access(
                    isNoTls(failure)
                            ? withoutTls(server)
                            : TlsFailure.sentence(server, "KAFKA_SCHEMA_REGISTRY_SSL", "--schema-registry", failure)));
        }
        if (!isClosed(failure)
                && !(failure instanceof ProtocolException)
                && !(failure instanceof HttpTimeoutException)) {
            return Optional.empty();
        }
        if (isPlain(endpoint) && probe(endpoint, 80, TlsProbe::answers)) {
            return Optional.of(
                    access("%s expects TLS: give it as https://… with --schema-registry.".formatted(server)));
        }
        // Some servers answer without TLS where they expect it, to say so.
        if (!isPlain(endpoint)
                && probe(endpoint, 443, HttpProbe::answers)
                && !probe(endpoint, 443, TlsProbe::answers)) {
            return Optional.of(access(withoutTls(server)));
        }
        return Optional.empty();
    }

    private static String withoutTls(String server) {
        return "%s does not use TLS: give it as http://… with --schema-registry.".formatted(server);
    }

    private static RegistryAccessException access(String sentence) {
        return new RegistryAccessException(sentence, 0, 0, null);
    }

    private static boolean isPlain(RegistryEndpoint endpoint) {
        return endpoint.url().startsWith("http:");
    }

    private static boolean probe(RegistryEndpoint endpoint, int standardPort, Probe probe) {
        URI uri = URI.create(endpoint.url());
        try {
            return probe.answers(uri.getHost(), uri.getPort() < 0 ? standardPort : uri.getPort());
        } catch (IOException unreachable) {
            return false;
        }
    }

    /** Whether a port speaks a protocol. */
    @FunctionalInterface
    private interface Probe {

        boolean answers(String host, int port) throws IOException;
    }

    /** A server that ends in the middle of a handshake closes the connection. */
    private static boolean isClosed(Throwable failure) {
        return causes(failure)
                .anyMatch(cause -> cause instanceof EOFException
                        || String.valueOf(cause.getMessage()).contains("received no bytes")
                        || String.valueOf(cause.getMessage()).contains("EOF"));
    }

    private static boolean isCertificate(Throwable failure) {
        return causes(failure).anyMatch(CertificateException.class::isInstance);
    }

    private static boolean isNoTls(Throwable failure) {
        return causes(failure).anyMatch(cause -> String.valueOf(cause.getMessage())
                .contains("Unsupported or unrecognized SSL message"));
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause);
    }
}
