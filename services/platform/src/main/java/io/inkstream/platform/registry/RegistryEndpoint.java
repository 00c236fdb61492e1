package io.inkstream.platform.registry;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * One address of the registry.
 *
 * @param url without credentials and without a slash at the end, so that it may be shown
 * @param authorization value of the Authorization header, if there are credentials
 */
record RegistryEndpoint(String url, Optional<String> authorization) {

    /**
     * Takes a configured URL apart.
     *
     * @param text the URL, with credentials in it or without
     * @param userInfo user:password that replaces what the URL says, if it is set
     * @throws ConfigException if it is not an http URL; the message does not repeat its credentials
     */
    static RegistryEndpoint parse(String text, @Nullable String userInfo) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            // The exception's own message would repeat the password.
            throw unusable(text);
        }
        boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
        if (!http || uri.getHost() == null) {
            throw unusable(text);
        }
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        String path = uri.getRawPath() == null ? "" : uri.getRawPath().replaceAll("/+$", "");
        String url = uri.getScheme() + "://" + uri.getHost() + port + path;
        return new RegistryEndpoint(
                url,
                Optional.ofNullable(userInfo)
                        .or(() -> Optional.ofNullable(uri.getRawUserInfo()).map(RegistryEndpoint::decode))
                        .map(RegistryEndpoint::basic));
    }

    private static ConfigException unusable(String text) {
        return new ConfigException("%s has no usable URL in '%s': give http://host:port or https://host:port."
                .formatted(RegistryConfig.URL, text.replaceAll("//.*@", "//***@")));
    }

    private static String decode(String rawUserInfo) {
        return URLDecoder.decode(rawUserInfo.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static String basic(String userInfo) {
        return "Basic " + Base64.getEncoder().encodeToString(userInfo.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return url;
    }
}
