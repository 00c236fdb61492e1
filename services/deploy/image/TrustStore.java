import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;

/** Writes the JDK's certificates and those of a PEM file to a trust store: keytool would take one certificate at a time. */
final class TrustStore {

    private static final char[] PASSWORD = "changeit".toCharArray();

    private TrustStore() {}

    /** Arguments: the PEM file, and the PKCS12 file to write. */
    public static void main(String[] arguments) throws Exception {
        KeyStore store = KeyStore.getInstance(
                Path.of(System.getProperty("java.home"), "lib", "security", "cacerts").toFile(), PASSWORD);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, PASSWORD);
        for (String alias : java.util.Collections.list(store.aliases())) {
            trusted.setCertificateEntry(alias, store.getCertificate(alias));
        }
        int number = 0;
        try (InputStream file = Files.newInputStream(Path.of(arguments[0]))) {
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(file)) {
                trusted.setCertificateEntry("bundle-" + number++, certificate);
            }
        }
        try (OutputStream file = Files.newOutputStream(Path.of(arguments[1]))) {
            trusted.store(file, PASSWORD);
        }
    }
}
