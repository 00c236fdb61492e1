package io.inkstream.platform.access;

import io.inkstream.platform.config.Connection;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * As whom a client connects to the brokers.
 *
 * @param user the user name, where the client logs in with one
 */
record Identity(Optional<String> user) {

    private static final Pattern USER_NAME = Pattern.compile("\\busername\\s*=\\s*(?:\"([^\"]*)\"|([^\\s;]+))");

    /** That of this connection's clients. */
    static Identity of(Connection connection) {
        Matcher name = USER_NAME.matcher(connection.kafkaProperties().getOrDefault("sasl.jaas.config", ""));
        return new Identity(
                name.find() ? Optional.of(name.group(1) == null ? name.group(2) : name.group(1)) : Optional.empty());
    }

    /** For instance {@code user 'ingest'}, or {@code this client}. */
    @Override
    public String toString() {
        return user.map("user '%s'"::formatted).orElse("this client");
    }
}
