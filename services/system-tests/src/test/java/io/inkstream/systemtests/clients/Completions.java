package io.inkstream.systemtests.clients;

import io.inkstream.client.CompletionClient;
import io.inkstream.schemas.Completion;
import io.inkstream.schemas.PrefixRequest;
import java.time.Duration;

/** Completions of the corpus {@code wells} by our own client: with the same seed and checkpoint, any other client gets the same text. */
final class Completions {

    private Completions() {}

    /** The greedy completion of the default length. */
    static Completion greedy(ClientsPipeline pipeline, String prefix) {
        return of(pipeline, PrefixRequest.newBuilder().setPrefix(prefix));
    }

    /** The completion of a request. */
    static Completion of(ClientsPipeline pipeline, PrefixRequest.Builder request) {
        try (CompletionClient completions = pipeline.client().completions()) {
            return completions.completeOrThrow(
                    request.setCorpus(ClientsPipeline.WELLS).build(), Duration.ofSeconds(30), ClientsPipeline.TIMEOUT);
        }
    }
}
