package io.inkstream.systemtests.stacks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Inkstream's images, from the jars that Maven made for these tests, and stand-ins for images that cannot be pulled. */
public final class ContainerImages {

    /** The tag of Inkstream's images. */
    public static final String TAG = "system-tests";

    /** The folder of {@code docker-compose.yml}. */
    public static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();

    private static final Duration LIMIT = Duration.ofMinutes(8);

    private static boolean built;

    private ContainerImages() {}

    /** The name of the image of a service, or of {@code cli}. */
    public static String of(String target) {
        return "inkstream-%s:%s".formatted(target, TAG);
    }

    /** Builds the images, once in a JVM. */
    static synchronized void build() {
        if (!built) {
            run(
                    "Stand-ins where they are needed",
                    List.of(ROOT.resolve("services/system-tests/stand-ins/build")
                            .toString()));
            run(
                    "Images",
                    List.of(
                            "docker",
                            "compose",
                            "-f",
                            "docker-compose.yml",
                            "-f",
                            "services/deploy/compose/ready-jars.yml",
                            "--profile",
                            "cpu",
                            "--profile",
                            "cli",
                            "build"));
            built = true;
        }
    }

    private static void run(String what, List<String> command) {
        long began = System.nanoTime();
        CommandRun unused = CommandRun.of(ROOT, Map.of("INKSTREAM_TAG", TAG), LIMIT, command)
                .successful();
        System.out.printf("%s: %.0f s%n", what, (System.nanoTime() - began) / 1e9);
    }
}
