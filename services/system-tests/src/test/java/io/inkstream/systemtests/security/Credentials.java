package io.inkstream.systemtests.security;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * What {@code credentials.sh} has made.
 *
 * @param folder its files
 */
public record Credentials(Path folder) {

    /** The project's root: tests run in the folder of their module. */
    static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();

    private static final Path SCRIPT = ROOT.resolve("services/deploy/security/credentials.sh");

    /** Runs the script, with further options. */
    public static Credentials make(Path folder, String... options) {
        Script.run(
                SCRIPT,
                Stream.concat(Stream.of(folder.toString()), Stream.of(options)).toArray(String[]::new));
        return new Credentials(folder);
    }

    /** The variables with which a user connects, as the script has written them. */
    public Map<String, String> environment(String user) {
        Map<String, String> variables = new HashMap<>();
        for (String line : lines(user + ".env")) {
            int equals = line.indexOf('=');
            variables.put(line.substring(0, equals), unquoted(line.substring(equals + 1)));
        }
        return variables;
    }

    /** The properties of a client that sets the cluster up. */
    Map<String, Object> administrator() {
        Map<String, Object> properties = new HashMap<>();
        properties("admin.properties").forEach((name, value) -> properties.put((String) name, value));
        return properties;
    }

    /** The properties of the registry, without the prefix of its image's variables. */
    Map<String, String> registry() {
        Map<String, String> properties = new HashMap<>();
        environment("schema-registry")
                .forEach((name, value) -> properties.put(
                        name.replaceFirst("^SCHEMA_REGISTRY_", "")
                                .toLowerCase(Locale.ROOT)
                                .replace('_', '.'),
                        value));
        return properties;
    }

    /** The password of a user. */
    String password(String user) {
        return lines(user + ".scram").get(0).replaceFirst("^.*password=", "");
    }

    /** The password of the key stores. */
    String storePassword() {
        return lines("stores.password").get(0);
    }

    /** Every password there is. */
    public List<String> secrets() {
        try (Stream<Path> files = Files.list(folder)) {
            return Stream.concat(
                            files.map(file -> file.getFileName().toString())
                                    .filter(name -> name.endsWith(".scram"))
                                    .map(name -> password(name.replaceFirst("\\.scram$", ""))),
                            Stream.of(storePassword()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Properties properties(String name) {
        Properties properties = new Properties();
        lines(name).forEach(line -> {
            int equals = line.indexOf('=');
            properties.put(line.substring(0, equals), line.substring(equals + 1));
        });
        return properties;
    }

    private List<String> lines(String name) {
        try {
            return Files.readAllLines(folder.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String unquoted(String value) {
        return value.startsWith("'") ? value.substring(1, value.length() - 1) : value;
    }
}
