package io.inkstream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The documents name files, classes and tests that exist. */
class DocumentsTest {

    private static final Path ROOT = Path.of("..", "..");
    private static final Pattern LINK = Pattern.compile("]\\((?!https?:)([^)#]+)(#[^)]*)?\\)");

    /** {@code `SomeTest`} or {@code `SomeTest.method`}, or {@code `.method`} of the class named before. */
    private static final Pattern NAMED_TEST = Pattern.compile("`(\\w+(?:Test|Properties))?(?:\\.(\\w+))?`");

    /** In the tables of the walks and of what to change: a class, maybe with a method. */
    private static final Pattern NAMED_CLASS = Pattern.compile("`([A-Z][A-Za-z]+)(?:\\.\\w+)?`");

    @Test
    void linksBetweenDocumentsLeadToFiles() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path document : documents()) {
            Matcher link = LINK.matcher(Files.readString(document));
            while (link.find()) {
                if (Files.notExists(document.resolveSibling(link.group(1)))) {
                    broken.add(document + " links to " + link.group(1));
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void everyTestThatProvesAGuaranteeExists() throws IOException {
        // Given
        Map<String, String> tests = sources("src/test");
        List<String> missing = new ArrayList<>();

        // When
        for (String line : Files.readAllLines(ROOT.resolve("docs/guarantees.md"))) {
            String proof = line.startsWith("|") ? line.substring(line.lastIndexOf('|', line.length() - 2)) : "";
            String source = "";
            Matcher named = NAMED_TEST.matcher(proof);
            while (named.find()) {
                source = named.group(1) == null ? source : tests.getOrDefault(named.group(1), "");
                if (source.isEmpty() || (named.group(2) != null && !source.contains(" " + named.group(2) + "("))) {
                    missing.add(named.group());
                }
            }
        }

        // Then
        assertThat(missing).isEmpty();
    }

    @Test
    void theClassesOfTheArchitectureExist() throws IOException {
        // Given
        Map<String, String> classes = sources("src/main");
        List<String> missing = new ArrayList<>();
        String architecture = Files.readString(ROOT.resolve("docs/architecture.md"));

        // When
        Matcher named = NAMED_CLASS.matcher(architecture.substring(architecture.indexOf("\n## Walk 1")));
        while (named.find()) {
            if (!classes.containsKey(named.group(1)) && !isDeclared(named.group(1), classes)) {
                missing.add(named.group());
            }
        }

        // Then
        assertThat(missing).isEmpty();
    }

    /** Nested classes, and those that are generated from the schemas. */
    private static boolean isDeclared(String name, Map<String, String> classes) throws IOException {
        Pattern declaration = Pattern.compile("(class|record|interface|enum) " + name + "\\b");
        if (classes.values().stream()
                .anyMatch(source -> declaration.matcher(source).find())) {
            return true;
        }
        try (Stream<Path> schemas = Files.list(ROOT.resolve("schemas/src/main/avro"))) {
            return schemas.anyMatch(schema -> schema.endsWith(name + ".avsc"));
        }
    }

    private static List<Path> documents() throws IOException {
        try (Stream<Path> top = Files.list(ROOT);
                Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            return Stream.concat(top, docs)
                    .filter(path -> path.toString().endsWith(".md"))
                    .toList();
        }
    }

    private static Map<String, String> sources(String folder) throws IOException {
        Map<String, String> sources = new HashMap<>();
        try (Stream<Path> modules = Files.list(ROOT.resolve("services"))) {
            for (Path module : modules.toList()) {
                if (Files.isDirectory(module.resolve(folder))) {
                    try (Stream<Path> files = Files.walk(module.resolve(folder))) {
                        files.filter(path -> path.toString().endsWith(".java"))
                                .forEach(path -> sources.put(
                                        path.getFileName().toString().replace(".java", ""), read(path)));
                    }
                }
            }
        }
        return sources;
    }

    private static String read(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
