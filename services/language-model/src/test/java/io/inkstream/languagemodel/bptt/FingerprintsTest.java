package io.inkstream.languagemodel.bptt;

import static io.inkstream.languagemodel.bptt.ChildJvm.VECTORS;
import static io.inkstream.languagemodel.bptt.ChildJvm.thisJava;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Training has the same bits with any JVM and any of its options, on any processor, and with any number of threads. A port to
 * another processor proves itself by this test: the expected fingerprints are part of the project.
 */
class FingerprintsTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8})
    void doNotDependOnTheNumberOfThreads(int threads) throws IOException {
        // Given
        PrintStream console = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();

        // When
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            Fingerprints.main(new String[] {"small", Integer.toString(threads)});
        } finally {
            System.setOut(console);
        }

        // Then
        assertThat(printed.toString(StandardCharsets.UTF_8).lines().toList()).isEqualTo(expected("small", 12));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {VECTORS + "-XX:UseAVX=2", VECTORS + "-XX:UseAVX=0", "", VECTORS + "-XX:TieredStopAtLevel=1"})
    void doNotDependOnTheProcessor(String options) throws Exception {
        assertThat(run(thisJava(), options, "small", 12)).isEqualTo(expected("small", 12));
    }

    @Test
    @Tag("full")
    void doNotDependOnCompilation() throws Exception {
        assertThat(run(thisJava(), VECTORS + "-Xint", "small", 1)).isEqualTo(expected("small", 1));
    }

    @ParameterizedTest
    @Tag("full")
    @ValueSource(strings = {"-XX:UseAVX=3", "-XX:UseAVX=2", "-XX:UseAVX=1", "-XX:-TieredCompilation"})
    void ofLargerNetworksDoNotDependOnTheProcessor(String options) throws Exception {
        assertThat(run(thisJava(), VECTORS + options, "large", 60)).isEqualTo(expected("large", 60));
    }

    @ParameterizedTest
    @Tag("full")
    @ValueSource(strings = {VECTORS + "-XX:UseAVX=0", ""})
    void ofLargerNetworksAreThoseOfSingleNumbers(String options) throws Exception {
        assertThat(run(thisJava(), options, "large", 3)).isEqualTo(expected("large", 3));
    }

    @Test
    @Tag("full")
    void doNotDependOnTheVersionOfJava() throws Exception {
        List<Path> others = otherVersions();
        assumeTrue(!others.isEmpty(), "There is no other JDK in /usr/lib/jvm");
        for (Path java : others) {
            assertThat(run(java, VECTORS, "small", 12)).as("%s", java).isEqualTo(expected("small", 12));
            assertThat(run(java, VECTORS, "large", 60)).as("%s", java).isEqualTo(expected("large", 60));
        }
    }

    /** What the program prints in a JVM of its own. */
    private static List<String> run(Path java, String options, String size, int steps)
            throws IOException, InterruptedException {
        return ChildJvm.run(java, options, Fingerprints.class, size, "2", Integer.toString(steps));
    }

    /** The expected fingerprints of networks of this size, up to this number of steps. */
    private static List<String> expected(String size, int steps) throws IOException {
        try (InputStream file = FingerprintsTest.class.getResourceAsStream("/fingerprints.txt")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith("large-") == size.equals("large"))
                    .filter(line -> Integer.parseInt(line.replaceAll("^\\S+ | \\S+$", "")) <= steps)
                    .toList();
        }
    }

    /** Java of other JDKs on this machine, from 17 on. */
    private static List<Path> otherVersions() throws IOException {
        Path installed = Path.of("/usr/lib/jvm");
        if (!Files.isDirectory(installed)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(installed)) {
            return folders.filter(folder -> !Files.isSymbolicLink(folder))
                    .filter(FingerprintsTest::isNewEnough)
                    .map(folder -> folder.resolve("bin").resolve("java"))
                    .filter(java -> Files.isExecutable(java) && !java.startsWith(System.getProperty("java.home")))
                    .sorted()
                    .toList();
        }
    }

    private static boolean isNewEnough(Path home) {
        try {
            return Files.readString(home.resolve("release"))
                    .lines()
                    .filter(line -> line.startsWith("JAVA_VERSION="))
                    .map(line -> line.replaceAll("\\D*(\\d+).*", "$1"))
                    .anyMatch(version -> Integer.parseInt(version) >= 17);
        } catch (IOException e) {
            return false; // not a JDK
        }
    }
}
