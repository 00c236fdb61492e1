package io.inkstream.systemtests.standins;

import com.sun.net.httpserver.Authenticator;
import com.sun.net.httpserver.BasicAuthenticator;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** TLS and user names in front of the embedded registry, which has neither, by the properties of Confluent's. */
public final class RegistrySecurity {

    /** In the file that {@code java.security.auth.login.config} names, where Jetty's login module finds users and passwords. */
    private static final Pattern USERS = Pattern.compile("\\bfile\\s*=\\s*\"([^\"]+)\"");

    private RegistrySecurity() {}

    /**
     * A server with TLS.
     *
     * @param properties {@code ssl.keystore.location}, {@code .type}, {@code .password}, and {@code ssl.key.password}
     */
    public static HttpServer https(InetSocketAddress address, Map<String, String> properties) throws IOException {
        HttpsServer server = HttpsServer.create(address, 0);
        try {
            char[] password = properties.get("ssl.keystore.password").toCharArray();
            KeyStore keys = KeyStore.getInstance(properties.getOrDefault("ssl.keystore.type", "JKS"));
            try (InputStream file = Files.newInputStream(Path.of(properties.get("ssl.keystore.location")))) {
                keys.load(file, password);
            }
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(
                    keys,
                    properties
                            .getOrDefault("ssl.key.password", new String(password))
                            .toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(factory.getKeyManagers(), null, null);
            server.setHttpsConfigurator(new HttpsConfigurator(context));
            return server;
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    /**
     * Who may use the registry.
     *
     * @param properties {@code authentication.method}, {@code .realm} and {@code .roles}
     * @param loginConfiguration the file of {@code java.security.auth.login.config}
     * @return empty if anybody may
     */
    public static Optional<Authenticator> authenticator(Map<String, String> properties, Path loginConfiguration)
            throws IOException {
        if (!properties.getOrDefault("authentication.method", "NONE").equals("BASIC")) {
            return Optional.empty();
        }
        Matcher file = USERS.matcher(Files.readString(loginConfiguration));
        if (!file.find()) {
            throw new IOException("%s names no file with users".formatted(loginConfiguration));
        }
        Map<String, String> passwords = passwords(Path.of(file.group(1)), properties.get("authentication.roles"));
        return Optional.of(new BasicAuthenticator(properties.get("authentication.realm")) {
            @Override
            public boolean checkCredentials(String user, String password) {
                return password.equals(passwords.get(user));
            }
        });
    }

    /** Of those users who have one of the roles; a line is {@code user: password,role…}. */
    private static Map<String, String> passwords(Path file, String roles) throws IOException {
        Properties users = new Properties();
        try (Reader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            users.load(lines);
        }
        Map<String, String> passwords = new TreeMap<>();
        for (String user : users.stringPropertyNames()) {
            String[] fields = users.getProperty(user).split(",", -1);
            for (int i = 1; i < fields.length; i++) {
                if (List.of(roles.split(",", -1)).contains(fields[i].strip())) {
                    passwords.put(user, fields[0].strip());
                }
            }
        }
        return passwords;
    }
}
