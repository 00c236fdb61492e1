package io.inkstream.standalone.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version that was built, and the Java that it runs on. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() throws IOException {
        Properties properties = new Properties();
        try (InputStream in = Version.class.getResourceAsStream("/io/inkstream/standalone/version.properties")) {
            properties.load(in);
        }
        return new String[] {
            "Inkstream %s (Java %s)".formatted(properties.getProperty("version"), System.getProperty("java.version"))
        };
    }
}
