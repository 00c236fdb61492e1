package io.inkstream.platform.access;

import io.inkstream.platform.config.Connection;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.ClientDnsLookup;
import org.apache.kafka.clients.ClientUtils;
import org.apache.kafka.common.config.ConfigException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out how a broker's listener wants to be spoken to. Kafka's clients cannot tell a listener of another kind from one that is
 * down: it closes the connection, and they try again. The probe sends no credentials.
 */
public final class ListenerProbe {

    private static final Logger log = LoggerFactory.getLogger(ListenerProbe.class);
    private static final int TIMEOUT_MILLIS = 2_000;

    /** SaslHandshake, version 1: https://kafka.apache.org/protocol#The_Messages_SaslHandshake. */
    private static final short SASL_HANDSHAKE = 17;

    private static final short UNSUPPORTED_MECHANISM = 33;
    private static final int LONGEST_ANSWER = 64 * 1024;

    private final Connection connection;

    /** A probe of the brokers of this connection. */
    public ListenerProbe(Connection connection) {
        this.connection = connection;
    }

    /** How the first broker that accepts a connection wants to be spoken to, as a sentence; empty if it is as it is spoken to. */
    public Optional<String> mismatch() {
        for (InetSocketAddress server : servers()) {
            try {
                return mismatch(server.getHostString(), server.getPort());
            } catch (IOException e) {
                log.atDebug().addKeyValue("address", server).setCause(e).log("Nothing accepts a connection");
            }
        }
        return Optional.empty();
    }

    private List<InetSocketAddress> servers() {
        try {
            return ClientUtils.parseAndValidateAddresses(
                    List.of(connection.bootstrapServers().split("\\s*,\\s*", -1)), ClientDnsLookup.USE_ALL_DNS_IPS);
        } catch (ConfigException e) {
            return List.of(); // which the client has said already
        }
    }

    private Optional<String> mismatch(String host, int port) throws IOException {
        String protocol = connection.kafkaProperties().getOrDefault("security.protocol", "PLAINTEXT");
        boolean tls = TlsProbe.answers(host, port);
        String brokers = "Kafka at %s:%d".formatted(host, port);
        if (tls && !protocol.contains("SSL")) {
            return Optional.of(
                    "%s expects TLS, and this client does not use it: set KAFKA_SECURITY_PROTOCOL to SSL, or to SASL_SSL with a user name and a password."
                            .formatted(brokers));
        }
        Optional<List<String>> answer = mechanisms(host, port, tls);
        if (answer.isEmpty()) {
            return Optional.empty(); // a broker that starts, or a proxy before one that is down
        }
        List<String> mechanisms = answer.get();
        if (!tls && protocol.contains("SSL")) {
            return Optional.of("%s does not use TLS, and this client does: set KAFKA_SECURITY_PROTOCOL to %s."
                    .formatted(brokers, mechanisms.isEmpty() ? "PLAINTEXT" : "SASL_PLAINTEXT"));
        }
        if (!mechanisms.isEmpty() && !protocol.startsWith("SASL")) {
            return Optional.of(
                    "%s asks for a user name and a password: set KAFKA_SECURITY_PROTOCOL to %s, KAFKA_SASL_MECHANISM to one of %s, and KAFKA_SASL_JAAS_CONFIG."
                            .formatted(brokers, tls ? "SASL_SSL" : "SASL_PLAINTEXT", String.join(", ", mechanisms)));
        }
        return Optional.empty();
    }

    /** The SASL mechanisms that a listener offers: none where it takes no user names; empty if it does not answer. */
    private static Optional<List<String>> mechanisms(String host, int port, boolean tls) {
        try (Socket socket = tls ? TlsProbe.open(host, port) : open(host, port)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            byte[] name = "inkstream-probe".getBytes(StandardCharsets.US_ASCII);
            ByteBuffer request = ByteBuffer.allocate(4 + 10 + 2 * name.length + 2)
                    .putInt(10 + 2 * name.length + 2)
                    .putShort(SASL_HANDSHAKE)
                    .putShort((short) 1)
                    .putInt(1) // correlation id
                    .putShort((short) name.length)
                    .put(name) // client id
                    .putShort((short) name.length)
                    .put(name); // a mechanism that no broker has
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.write(request.array());
            out.flush();
            return Optional.of(offered(new DataInputStream(socket.getInputStream())));
        } catch (IOException noAnswer) {
            return Optional.empty();
        }
    }

    private static List<String> offered(DataInputStream in) throws IOException {
        int size = in.readInt();
        if (size < 10 || size > LONGEST_ANSWER) {
            return List.of();
        }
        int correlationId = in.readInt();
        if (correlationId != 1 || in.readShort() != UNSUPPORTED_MECHANISM) {
            return List.of();
        }
        List<String> offered = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            offered.add(in.readUTF()); // a length of two bytes and ASCII
        }
        return offered;
    }

    private static Socket open(String host, int port) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(host, port), TIMEOUT_MILLIS);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }
}
