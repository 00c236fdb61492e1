package io.inkstream.generator.requests;

import io.inkstream.languagemodel.decoding.DecodingOptions;

/**
 * What is asked for.
 *
 * @param corpus whose model is to complete the prefix; null when a plain request does not say
 * @param prefix the text to go on from
 * @param options how
 */
public record Request(String corpus, String prefix, DecodingOptions options) {}
