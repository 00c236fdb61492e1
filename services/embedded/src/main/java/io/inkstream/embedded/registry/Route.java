package io.inkstream.embedded.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * The handler of one kind of request.
 *
 * @param method GET, POST, PUT or DELETE
 * @param pattern the parts of the path; {@code *} stands for any
 * @param answer makes the response, as text, of the request and of what each {@code *} stands for
 */
record Route(String method, List<String> pattern, BiFunction<Call, List<String>, String> answer) {

    Route(String method, String pattern, BiFunction<Call, List<String>, String> answer) {
        this(method, pattern.isEmpty() ? List.of() : List.of(pattern.split("/")), answer);
    }

    /** What each {@code *} stands for; empty if the path does not match. */
    Optional<List<String>> match(List<String> path) {
        if (path.size() != pattern.size()) {
            return Optional.empty();
        }
        List<String> found = new ArrayList<>();
        for (int i = 0; i < path.size(); i++) {
            if (pattern.get(i).equals("*")) {
                found.add(path.get(i));
            } else if (!pattern.get(i).equals(path.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(found);
    }
}
