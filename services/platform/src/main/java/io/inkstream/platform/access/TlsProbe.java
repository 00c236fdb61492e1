package io.inkstream.platform.access;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** Finds out whether a port speaks TLS, whoever is there: for error messages only, so nothing secret is ever sent. */
public final class TlsProbe {

    private static final int TIMEOUT_MILLIS = 2_000;

    private TlsProbe() {}

    /**
     * Whether a TLS handshake succeeds.
     *
     * @throws IOException if nothing accepts a connection there
     */
    public static boolean answers(String host, int port) throws IOException {
        Socket plain = new Socket();
        try (plain) {
            plain.connect(new InetSocketAddress(host, port), TIMEOUT_MILLIS);
        }
        try (SSLSocket socket = open(host, port)) {
            return socket.isConnected();
        } catch (IOException notTls) {
            return false;
        }
    }

    /** Opens a connection that trusts any certificate. */
    static SSLSocket open(String host, int port) throws IOException {
        Socket plain = new Socket();
        try {
            plain.connect(new InetSocketAddress(host, port), TIMEOUT_MILLIS);
            plain.setSoTimeout(TIMEOUT_MILLIS);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Anyone()}, null);
            SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, host, port, true);
            socket.startHandshake();
            return socket;
        } catch (IOException e) {
            plain.close();
            throw e;
        } catch (GeneralSecurityException e) {
            plain.close();
            throw new IOException(e);
        }
    }

    private static final class Anyone implements X509TrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {
            // the other side is a server
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {
            // only the kind of the port is of interest
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
