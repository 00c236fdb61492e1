package io.inkstream.platform.access;

import io.inkstream.platform.config.Connection;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateExpiredException;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.IllegalSaslStateException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.UnsupportedSaslMechanismException;

/**
 * Says why brokers and a client do not accept each other's identity.
 *
 * @param connection of the client
 */
record AuthenticationFailure(Connection connection) {

    String sentence(AuthenticationException failure) {
        String brokers = "Kafka at " + connection.bootstrapServers();
        if (failure instanceof SslAuthenticationException) {
            return tls(brokers, "KAFKA_SSL", "--bootstrap-servers", failure);
        }
        if (failure instanceof UnsupportedSaslMechanismException) {
            return "%s does not offer the SASL mechanism %s (%s): set KAFKA_SASL_MECHANISM."
                    .formatted(brokers, property("sasl.mechanism", "GSSAPI"), message(failure));
        }
        if (failure instanceof IllegalSaslStateException) {
            return "%s does not ask for a user name and a password, and this client gives them (%s): set KAFKA_SECURITY_PROTOCOL to %s, or use the port of another listener."
                    .formatted(
                            brokers,
                            message(failure),
                            property("security.protocol", "").contains("SSL") ? "SSL" : "PLAINTEXT");
        }
        return "%s rejects the user name or the password of %s (%s): check KAFKA_SASL_JAAS_CONFIG."
                .formatted(brokers, Identity.of(connection), message(failure));
    }

    /**
     * Why a TLS handshake failed.
     *
     * @param server of whom, as the beginning of a sentence
     * @param variables what the names of the variables with the client's settings begin with
     * @param option which names the server
     */
    static String tls(String server, String variables, String option, Throwable failure) {
        if (has(failure, CertificateExpiredException.class)) {
            return "%s has a certificate that has expired: renew it.".formatted(server);
        }
        if (has(failure, CertPathBuilderException.class) || mentions(failure, "PKIX")) {
            return "%s has a certificate that this client does not trust: set %s_TRUSTSTORE_LOCATION to a file with the certificate of its authority, and %s_TRUSTSTORE_TYPE to PEM, PKCS12 or JKS."
                    .formatted(server, variables, variables);
        }
        if (mentions(failure, "No subject alternative") || mentions(failure, "No name matching")) {
            return "%s has a certificate for another host (%s): use a name that is in the certificate with %s."
                    .formatted(server, message(innermost(failure)), option);
        }
        if (mentions(failure, "Unsupported or unrecognized SSL message")) {
            return "%s does not use TLS, and this client does: check the port and the protocol.".formatted(server);
        }
        if (mentions(failure, "certificate_required") || mentions(failure, "bad_certificate")) {
            return "%s asks for a certificate of this client (%s): set %s_KEYSTORE_LOCATION."
                    .formatted(server, message(innermost(failure)), variables);
        }
        return "%s and this client do not agree on TLS (%s): check the %s_* variables."
                .formatted(server, message(innermost(failure)), variables);
    }

    private String property(String name, String otherwise) {
        return connection.kafkaProperties().getOrDefault(name, otherwise);
    }

    private static boolean has(Throwable failure, Class<? extends Throwable> type) {
        return causes(failure).anyMatch(type::isInstance);
    }

    private static boolean mentions(Throwable failure, String words) {
        return causes(failure)
                .anyMatch(cause -> String.valueOf(cause.getMessage()).contains(words));
    }

    private static Throwable innermost(Throwable failure) {
        return causes(failure).reduce((outer, inner) -> inner).orElse(failure);
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause);
    }

    private static String message(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
    }
}
