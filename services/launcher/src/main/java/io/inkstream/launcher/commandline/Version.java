package io.inkstream.launcher.commandline;

import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/** The version that was built, and the Java that it runs on. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        String built = Version.class.getPackage().getImplementationVersion(); // from the jar's manifest
        return new String[] {
            "Inkstream %s (Java %s)"
                    .formatted(Objects.requireNonNullElse(built, "from source"), System.getProperty("java.version"))
        };
    }
}
