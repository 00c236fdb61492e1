package io.inkstream.languagemodel.text;

import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Finds reserved tokens in text: the first that comes, the longest of those that begin there, and on after its end. */
final class ReservedTokens {

    /** null: none. */
    private final Pattern pattern;

    ReservedTokens(List<String> tokens) {
        // Of several alternatives a pattern takes the first that fits, so the longest stand first.
        this.pattern = tokens.isEmpty()
                ? null
                : Pattern.compile(tokens.stream()
                        .sorted(Comparator.comparingInt(String::length).reversed())
                        .map(Pattern::quote)
                        .collect(Collectors.joining("|")));
    }

    /** Whether there are any. */
    boolean any() {
        return pattern != null;
    }

    /** Cuts text: the reserved tokens whole, and what is between them by the tokenizer. */
    void cut(String text, Tokenizer tokenizer, TokenSink sink) {
        if (pattern == null) {
            tokenizer.cut(text, sink);
            return;
        }
        int from = 0;
        for (Matcher found = pattern.matcher(text); found.find(); from = found.end()) {
            tokenizer.cut(text.substring(from, found.start()), sink);
            sink.token(found.group());
        }
        tokenizer.cut(text.substring(from), sink);
    }
}
