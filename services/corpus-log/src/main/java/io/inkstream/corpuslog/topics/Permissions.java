package io.inkstream.corpuslog.topics;

import io.inkstream.platform.access.Permission;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * What services and users need to be permitted, by the list that {@code acls.sh} grants too.
 */
public final class Permissions {

    /** The principal of the everyday commands. */
    public static final String USER = "user";

    /** The principal of the commands that change what was committed. */
    public static final String OPERATOR = "operator";

    private static final String LIST = "permissions.txt";
    private static final Pattern COLUMNS = Pattern.compile("\\s*\\|\\s*");
    private static final Pattern NAMES = Pattern.compile("\\s*,\\s*");
    private static final String OPTIONAL = "optional: ";

    private Permissions() {}

    /**
     * The permissions of some principals.
     *
     * @param principals as the list names them: a service's name, {@link #USER} or {@link #OPERATOR}
     */
    public static List<Permission> of(TopicNames topics, String... principals) {
        Set<String> wanted = Set.of(principals);
        return lines().stream()
                .filter(columns -> wanted.contains(columns[0]))
                .flatMap(columns ->
                        Arrays.stream(NAMES.split(columns[3], -1)).map(name -> permission(topics, columns, name)))
                .toList();
    }

    /** The list, line by line: principal, operations, resource, names with {@code PREFIX}, and why. */
    public static List<String[]> lines() {
        try (InputStream list = Objects.requireNonNull(Permissions.class.getResourceAsStream(LIST), LIST);
                BufferedReader lines = new BufferedReader(new InputStreamReader(list, StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> COLUMNS.split(line, 5))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Permission permission(TopicNames topics, String[] columns, String pattern) {
        Set<AclOperation> operations = Arrays.stream(columns[1].split(",", -1))
                .map(name -> AclOperation.fromString(name.strip().replaceAll("(?<=[a-z])(?=[A-Z])", "_")))
                .collect(Collectors.toSet());
        boolean prefixed = pattern.endsWith("*");
        String name = pattern.replaceFirst("^PREFIX", topics.prefix()).replaceFirst("\\*$", "");
        return new Permission(
                operations,
                new ResourcePattern(
                        ResourceType.fromString(columns[2].replace('-', '_')),
                        name,
                        prefixed ? PatternType.PREFIXED : PatternType.LITERAL),
                columns[4].startsWith(OPTIONAL),
                columns[4]);
    }
}
