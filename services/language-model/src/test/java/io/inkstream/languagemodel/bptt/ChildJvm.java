package io.inkstream.languagemodel.bptt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Runs a program of these tests in a JVM of its own. */
final class ChildJvm {

    /** The option without which there is no vector API. */
    static final String VECTORS = "--add-modules jdk.incubator.vector ";

    private ChildJvm() {}

    /**
     * The lines that a program prints, those of its log left out.
     *
     * @param java the program java
     * @param options of the JVM, separated by spaces
     */
    static List<String> run(Path java, String options, Class<?> program, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(java.toString()));
        Stream.of(options.split(" ")).filter(option -> !option.isEmpty()).forEach(command::add);
        command.addAll(List.of("-Xmx1g", "-cp", System.getProperty("java.class.path"), program.getName()));
        command.addAll(List.of(arguments));
        Path errors = Files.createTempFile("child-jvm", ".log");
        Process process =
                new ProcessBuilder(command).redirectError(errors.toFile()).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(Files.readString(errors)).isZero();
        Files.delete(errors);
        return printed.lines().filter(line -> !line.contains("WARN")).toList();
    }

    /** The program java that runs this test. */
    static Path thisJava() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }
}
