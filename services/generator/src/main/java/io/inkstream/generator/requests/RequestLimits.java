package io.inkstream.generator.requests;

import io.inkstream.languagemodel.decoding.DecodingOptions;
import io.inkstream.platform.InkstreamException;

/**
 * How much one request may ask for.
 *
 * @param longestPrefix characters of a prefix, at least 1
 * @param mostTokens tokens of a completion, 1 to {@link DecodingOptions#MOST_TOKENS}
 */
public record RequestLimits(int longestPrefix, int mostTokens) {

    /** 16,384 characters, 10,000 tokens. */
    public static final RequestLimits STANDARD = new RequestLimits(16_384, 10_000);

    public RequestLimits {
        if (longestPrefix < 1 || mostTokens < 1 || mostTokens > DecodingOptions.MAX_TOKENS) {
            throw new InkstreamException(
                    "A prefix may have at least 1 character and a completion 1 to %d tokens; the limits %d and %d cannot be."
                            .formatted(DecodingOptions.MAX_TOKENS, longestPrefix, mostTokens));
        }
    }

    /** True when the prefix is longer than it may be. */
    boolean isTooLong(String prefix) {
        return prefix.length() > longestPrefix && prefix.codePointCount(0, prefix.length()) > longestPrefix;
    }

    /**
     * Refuses what is beyond the limits.
     *
     * @throws IllegalArgumentException whose message says what is too much
     */
    void check(String prefix, int tokens) {
        if (isTooLong(prefix)) {
            throw new IllegalArgumentException(
                    "the prefix has %d characters, and this generator accepts %d (--max-prefix): send its end only"
                            .formatted(prefix.codePointCount(0, prefix.length()), longestPrefix));
        }
        if (tokens > mostTokens) {
            throw new IllegalArgumentException(
                    "maxTokens is %d, and this generator generates at most %d (--max-completion-tokens)"
                            .formatted(tokens, mostTokens));
        }
    }
}
