package io.inkstream.systemtests.registries;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The JDKs of this machine, for programs that need a newer Java than Inkstream does. */
final class JavaHomes {

    /** The environment variable that names a JDK 21 or newer. */
    static final String VARIABLE = "INKSTREAM_JDK21";

    private static final Pattern RELEASE = Pattern.compile("^JAVA_VERSION=\"(\\d+)", Pattern.MULTILINE);

    private JavaHomes() {}

    /** The {@code java} of a JDK of at least this version: the one in the variable, else the one that runs this, else any in the usual folders. */
    static Optional<Path> atLeast(int version) {
        return Stream.concat(named(), usual())
                .filter(home -> version(home) >= version)
                .map(home -> home.resolve("bin").resolve("java"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static Stream<Path> named() {
        return Stream.of(Optional.ofNullable(System.getenv(VARIABLE)), Optional.of(System.getProperty("java.home")))
                .flatMap(Optional::stream)
                .map(Path::of);
    }

    private static Stream<Path> usual() {
        Path user = Path.of(System.getProperty("user.home"));
        List<Path> homes = new ArrayList<>();
        for (Path folder : List.of(
                Path.of("/usr/lib/jvm"),
                Path.of("/Library/Java/JavaVirtualMachines"),
                user.resolve(".jdks"),
                user.resolve(".sdkman/candidates/java"))) {
            if (Files.isDirectory(folder)) {
                try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
                    entries.forEach(entry -> homes.addAll(List.of(entry, entry.resolve("Contents/Home"))));
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }
        }
        return homes.stream();
    }

    /** From the file {@code release}, which every JDK has; 0 without it. */
    private static int version(Path home) {
        Path release = home.resolve("release");
        if (!Files.isRegularFile(release)) {
            return 0;
        }
        try {
            Matcher version = RELEASE.matcher(Files.readString(release));
            return version.find() ? Integer.parseInt(version.group(1)) : 0;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
