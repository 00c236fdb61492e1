package io.inkstream.generator.requests;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * The parameters in the headers of a plain request: {@code inkstream.corpus}, {@code inkstream.max-tokens}, {@code
 * inkstream.temperature}, {@code inkstream.top-k}, {@code inkstream.top-p}, {@code inkstream.stop} (may be repeated) and
 * {@code inkstream.seed}, in UTF-8. Of the others, the last one counts.
 */
final class PlainParameters {

    static final String PREFIX = "inkstream.";

    private final Headers headers;

    PlainParameters(Headers headers) {
        this.headers = headers;
    }

    /** The text of a header. */
    Optional<String> text(String name) {
        return Optional.ofNullable(headers.lastHeader(PREFIX + name))
                .filter(header -> header.value() != null)
                .map(PlainParameters::text);
    }

    /** The texts of all headers with this name, in order. */
    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        for (Header header : headers.headers(PREFIX + name)) {
            texts.add(header.value() == null ? "" : text(header));
        }
        return texts;
    }

    /**
     * A whole number, or a default.
     *
     * @throws IllegalArgumentException if the header has another value
     */
    int integer(String name, int otherwise) {
        return number(name, Integer::valueOf, "a whole number").orElse(otherwise);
    }

    /**
     * A whole number of 64 bits, if there is a header.
     *
     * @throws IllegalArgumentException if the header has another value
     */
    Optional<Long> longInteger(String name) {
        return number(name, Long::valueOf, "a whole number");
    }

    /**
     * A number, or a default.
     *
     * @throws IllegalArgumentException if the header has another value
     */
    double decimal(String name, double otherwise) {
        return number(name, Double::valueOf, "a number").orElse(otherwise);
    }

    private <N> Optional<N> number(String name, Function<String, N> parse, String what) {
        return text(name).map(text -> {
            try {
                return parse.apply(text.strip());
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        "%s%s must be %s, not '%s'".formatted(PREFIX, name, what, Truncation.quote(text)), e);
            }
        });
    }

    private static String text(Header header) {
        return new String(header.value(), StandardCharsets.UTF_8);
    }
}
