package io.inkstream.generator.requests;

import io.inkstream.languagemodel.decoding.DecodingOptions;
import java.util.Optional;

/**
 * A request for a completion.
 *
 * @param corpus whose model completes the prefix; empty when a plain request does not name it
 * @param prefix the text to complete
 * @param options how to complete it
 */
public record Request(Optional<String> corpus, String prefix, DecodingOptions options) {}
