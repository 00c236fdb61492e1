package io.inkstream.languagemodel.decoding;

import java.util.List;

/**
 * How a prefix is to be completed.
 *
 * @param maxTokens maximum number of tokens to generate, 1 to {@link #MAX_TOKENS}
 * @param temperature 0 for greedy decoding; above, tokens are drawn from softmax(logits / temperature)
 * @param topK draw from the k most probable tokens only; 0: from all
 * @param topP draw from the fewest most probable tokens whose probabilities sum to at least this, above 0 to 1
 * @param stop generation ends before the first of these strings appears: at most {@link #MAX_STOPS}, each of 1 to {@link
 *     #MAX_STOP_LENGTH} characters
 * @param seed seed of the random numbers
 */
public record DecodingOptions(int maxTokens, double temperature, int topK, double topP, List<String> stop, long seed) {

    /** The upper bound of {@code maxTokens}. */
    public static final int MAX_TOKENS = 100_000;

    /** Maximum number of stop strings. */
    public static final int MAX_STOPS = 16;

    /** Maximum number of characters of a stop string. */
    public static final int MAX_STOP_LENGTH = 256;

    public DecodingOptions {
        require(maxTokens >= 1 && maxTokens <= MAX_TOKENS, "maxTokens must be 1 to %d, not %d", MAX_TOKENS, maxTokens);
        require(
                temperature >= 0 && Double.isFinite(temperature),
                "temperature must be 0 (greedy) or above, not %s",
                temperature);
        require(topK >= 0, "topK must be 0 (all) or above, not %d", topK);
        require(topP > 0 && topP <= 1, "topP must be above 0 and at most 1, not %s", topP);
        require(stop.size() <= MAX_STOPS, "there may be at most %d stop strings, not %d", MAX_STOPS, stop.size());
        stop = List.copyOf(stop);
        require(stop.stream().noneMatch(String::isEmpty), "a stop string must not be empty");
        for (String string : stop) {
            int characters = string.codePointCount(0, string.length());
            require(
                    characters <= MAX_STOP_LENGTH,
                    "a stop string may have at most %d characters, not %d",
                    MAX_STOP_LENGTH,
                    characters);
        }
    }

    /** Greedy decoding. */
    public static DecodingOptions greedy(int maxTokens) {
        return new DecodingOptions(maxTokens, 0, 0, 1, List.of(), 0);
    }

    private static void require(boolean holds, String message, Object... values) {
        if (!holds) {
            throw new IllegalArgumentException(message.formatted(values));
        }
    }
}
