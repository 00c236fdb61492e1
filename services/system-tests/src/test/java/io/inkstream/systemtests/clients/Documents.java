package io.inkstream.systemtests.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Commands and programs in the documents. */
final class Documents {

    static final Path ROOT = Path.of("..", "..");
    static final Path README = ROOT.resolve("README.md");
    static final Path CLIENTS = ROOT.resolve("docs/clients.md");

    /** The programs that the documents show and the tests run. */
    static final Path PROGRAMS = Path.of("src/test/clients");

    /** The schema of requests, which clients in other languages need. */
    static final Path REQUEST_SCHEMA = ROOT.resolve("schemas/src/main/avro/PrefixRequest.avsc");

    private static final Pattern BLOCK = Pattern.compile("^```(\\w*)\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL);

    private Documents() {}

    /** The fenced blocks of a document in one language; empty: those that name none. */
    static List<String> blocks(Path document, String language) {
        List<String> blocks = new ArrayList<>();
        Matcher block = BLOCK.matcher(read(document));
        while (block.find()) {
            if (block.group(1).equals(language)) {
                blocks.add(block.group(2));
            }
        }
        return blocks;
    }

    /** The one command of a document that contains all of these. */
    static String command(Path document, String... parts) {
        List<String> commands = blocks(document, "").stream()
                .flatMap(String::lines)
                .filter(line -> List.of(parts).stream().allMatch(line::contains))
                .map(line -> line.replaceFirst("  +#.*", ""))
                .toList();
        assertThat(commands)
                .as("commands with %s in %s", List.of(parts), document)
                .hasSize(1);
        return commands.get(0);
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
