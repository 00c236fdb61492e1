package io.inkstream.systemtests.registries;

import com.fasterxml.jackson.core.type.TypeReference;
import io.confluent.kafka.schemaregistry.client.rest.RestService;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Confluent's HTTP client, which remembers its requests. */
final class CountingRestService extends RestService {

    private final List<String> requests = new ArrayList<>();

    CountingRestService(String url) {
        super(url);
    }

    @Override
    public <T> T httpRequest(
            String path, String method, byte[] body, Map<String, String> headers, TypeReference<T> responseType)
            throws IOException, RestClientException {
        requests.add(method + " " + path);
        return super.httpRequest(path, method, body, headers, responseType);
    }

    /** The requests so far. */
    List<String> requests() {
        return List.copyOf(requests);
    }
}
