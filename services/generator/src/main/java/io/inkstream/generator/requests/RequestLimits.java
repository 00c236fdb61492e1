package io.inkstream.generator.requests;

import io.inkstream.languagemodel.decoding.DecodingOptions;
import io.inkstream.platform.InkstreamException;

/**
 * The limits of a request.
 *
 * @param maxPrefix maximum number of characters of a prefix, at least 1
 * @param maxTokens maximum number of tokens of a completion, 1 to {@link DecodingOptions#MAX_TOKENS}
 */
public record RequestLimits(int maxPrefix, int maxTokens) {

    /** 16,384 characters, 10,000 tokens. */
    public static final RequestLimits STANDARD = new RequestLimits(16_384, 10_000);

    public RequestLimits {
        if (maxPrefix < 1 || maxTokens < 1 || maxTokens > DecodingOptions.MAX_TOKENS) {
            throw new InkstreamException(
                    "A prefix must be allowed at least 1 character and a completion 1 to %d tokens, not %d and %d."
                            .formatted(DecodingOptions.MAX_TOKENS, maxPrefix, maxTokens));
        }
    }

    /** True when the prefix is longer than allowed. */
    boolean isTooLong(String prefix) {
        return prefix.length() > maxPrefix && prefix.codePointCount(0, prefix.length()) > maxPrefix;
    }

    /**
     * Checks the limits.
     *
     * @throws IllegalArgumentException saying which limit is exceeded
     */
    void check(String prefix, int tokens) {
        if (isTooLong(prefix)) {
            throw new IllegalArgumentException(
                    "the prefix has %d characters, but this generator accepts at most %d (--max-prefix): send only its end"
                            .formatted(prefix.codePointCount(0, prefix.length()), maxPrefix));
        }
        if (tokens > maxTokens) {
            throw new IllegalArgumentException(
                    "maxTokens is %d, but this generator generates at most %d (--max-completion-tokens)"
                            .formatted(tokens, maxTokens));
        }
    }
}
