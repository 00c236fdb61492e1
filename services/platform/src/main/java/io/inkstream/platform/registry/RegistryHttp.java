package io.inkstream.platform.registry;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** One HTTP client for all serdes with the same settings: each has threads of its own, and a process has many serdes. */
final class RegistryHttp {

    private static final ConcurrentMap<Optional<RegistryTls>, HttpClient> CLIENTS = new ConcurrentHashMap<>();

    private RegistryHttp() {}

    /**
     * The client with these settings for TLS.
     *
     * @throws org.apache.kafka.common.config.ConfigException if they cannot be used
     */
    static HttpClient client(Optional<RegistryTls> tls) {
        return CLIENTS.computeIfAbsent(tls, RegistryHttp::create);
    }

    private static HttpClient create(Optional<RegistryTls> tls) {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .followRedirects(HttpClient.Redirect.NORMAL);
        tls.ifPresent(settings -> builder.sslContext(settings.context()));
        return builder.build();
    }
}
