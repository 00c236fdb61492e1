package io.inkstream.languagemodel.text;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Finds reserved tokens in text, from left to right: of several that begin at the same character, the longest. */
final class ReservedTokens {

    /** Matches any of the tokens; empty when there are none. */
    private final Optional<Pattern> pattern;

    ReservedTokens(List<String> tokens) {
        // A pattern takes the first alternative that fits, so the longest come first.
        this.pattern = tokens.isEmpty()
                ? Optional.empty()
                : Optional.of(Pattern.compile(tokens.stream()
                        .sorted(Comparator.comparingInt(String::length).reversed())
                        .map(Pattern::quote)
                        .collect(Collectors.joining("|"))));
    }

    /** Whether there are any. */
    boolean any() {
        return pattern.isPresent();
    }

    /** Cuts text: each reserved token whole, and the text between them by the tokenizer. */
    void cut(String text, Tokenizer tokenizer, TokenSink sink) {
        int from = 0;
        if (pattern.isPresent()) {
            for (Matcher found = pattern.get().matcher(text); found.find(); from = found.end()) {
                tokenizer.cut(text.substring(from, found.start()), sink);
                sink.token(found.group());
            }
        }
        tokenizer.cut(text.substring(from), sink);
    }
}
