package io.inkstream.systemtests.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The programs in docs/clients.md are those that the tests run. */
class ClientProgramsTest {

    private static final Path SPRING = Path.of("src/test/java/io/inkstream/systemtests/clients/SpringExample.java");

    @ParameterizedTest
    @CsvSource({
        "js, kafkajs/complete.js",
        "python, python/complete.py",
        "properties, connect/standalone.properties",
        "properties, connect/book-source.properties",
        "properties, connect/distributed.properties",
        "json, connect/book-source.json",
        "json, connect/ordered-book-source.json",
    })
    void theDocumentShowsTheFile(String language, String file) {
        assertThat(Documents.blocks(Documents.CLIENTS, language))
                .contains(Documents.read(Documents.PROGRAMS.resolve(file)));
    }

    @Test
    void theDocumentShowsTheSpringExample() {
        // Given
        String source = Documents.read(SPRING);

        // When
        String example =
                source.substring(source.indexOf("// begin\n") + "// begin\n".length(), source.indexOf("// end"));

        // Then
        assertThat(Documents.blocks(Documents.CLIENTS, "java")).contains(example.stripIndent());
    }

    @Test
    void theDocumentInstallsTheVersionsThatAreTested() {
        // Given
        Matcher versions = Pattern.compile("\"(@?[\\w/]+)\": \"(\\d[\\d.]+)\"")
                .matcher(Documents.read(Documents.PROGRAMS.resolve("kafkajs/package.json")));
        String install = Documents.command(Documents.CLIENTS, "npm install");

        // When, Then
        assertThat(versions.results()
                        .filter(version -> !version.group(1).equals("version"))
                        .map(version -> version.group(1) + "@" + version.group(2)))
                .hasSize(2)
                .allSatisfy(version -> assertThat(install).contains(version));
    }

    @Test
    void theLockFileNamesNoRegistry() {
        assertThat(Stream.of("package.json", "package-lock.json")
                        .map(file -> Documents.read(Documents.PROGRAMS.resolve("kafkajs/" + file))))
                .allSatisfy(file -> assertThat(file).doesNotContain("resolved", "registry."));
    }
}
