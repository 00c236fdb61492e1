package io.inkstream.generator.requests;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * The parameters in the headers of a plain request: {@code inkstream.corpus}, {@code inkstream.max-tokens}, {@code
 * inkstream.temperature}, {@code inkstream.top-k}, {@code inkstream.top-p}, {@code inkstream.stop} (may be there several
 * times) and {@code inkstream.seed}, in UTF-8. Of the others, the last one counts.
 */
final class PlainParameters {

    static final String PREFIX = "inkstream.";

    private final Headers headers;

    PlainParameters(Headers headers) {
        this.headers = headers;
    }

    /** The text of a header, or what stands in for it. */
    String text(String name, String otherwise) {
        Header header = headers.lastHeader(PREFIX + name);
        return header == null || header.value() == null ? otherwise : text(header);
    }

    /** The texts of all headers of this name, in order. */
    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        for (Header header : headers.headers(PREFIX + name)) {
            texts.add(header.value() == null ? "" : text(header));
        }
        return texts;
    }

    /**
     * A whole number.
     *
     * @throws IllegalArgumentException if it is none
     */
    int integer(String name, int otherwise) {
        return number(name, otherwise, Integer::valueOf, "a whole number");
    }

    /**
     * A whole number of 64 bits; null when it is not there and nothing stands in for it.
     *
     * @throws IllegalArgumentException if it is none
     */
    Long longInteger(String name, Long otherwise) {
        return number(name, otherwise, Long::valueOf, "a whole number");
    }

    /**
     * A number.
     *
     * @throws IllegalArgumentException if it is none
     */
    double decimal(String name, double otherwise) {
        return number(name, otherwise, Double::valueOf, "a number");
    }

    private <N> N number(String name, N otherwise, Function<String, N> parse, String what) {
        String text = text(name, null);
        if (text == null) {
            return otherwise;
        }
        try {
            return parse.apply(text.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "%s%s must be %s, not '%s'".formatted(PREFIX, name, what, Excerpt.quoted(text)), e);
        }
    }

    private static String text(Header header) {
        return new String(header.value(), StandardCharsets.UTF_8);
    }
}
