package io.inkstream.languagemodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A Python with PyTorch, against which a model is tested: {@code INKSTREAM_PYTHON}, or {@code python3}. */
public final class Python {

    private static Boolean present;

    private Python() {}

    /** Skips the test, visibly, when there is no Python with torch and safetensors. */
    public static synchronized void require() throws InterruptedException {
        if (present == null) {
            present = look();
        }
        assumeTrue(present, interpreter() + " has no torch and safetensors: INKSTREAM_PYTHON names one that has");
    }

    private static boolean look() throws InterruptedException {
        try {
            return start(List.of("-c", "import torch, safetensors")).waitFor() == 0;
        } catch (IOException e) {
            return false; // there is no such interpreter
        }
    }

    /** Runs a program and parses the JSON in the last line that it prints. */
    public static JsonNode run(Path program, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(program.toString());
        command.addAll(List.of(arguments));
        Process process = start(command);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        List<String> lines = output.lines().toList();
        return new ObjectMapper().readTree(lines.get(lines.size() - 1));
    }

    private static Process start(List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(interpreter());
        command.addAll(arguments);
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static String interpreter() {
        return System.getenv().getOrDefault("INKSTREAM_PYTHON", "python3");
    }
}
