package io.inkstream.generator.answers;

import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which topics a request may name for its answer. Whoever may send a prefix can make the generator write with the
 * generator's permissions: so it writes only where the operator allows it, and never to a topic that contains state.
 */
final class ReplyTopicRules {

    /** The prefix of topics of Kafka, registries and connectors. */
    private static final String INTERNAL = "_";

    /** Topics of Kafka Streams. */
    private static final Pattern STREAMS =
            Pattern.compile(".*-(changelog|repartition|subscription-registration-topic|subscription-response-topic)");

    private static final String ANY = "*";

    private final Set<String> completions;
    private final Set<String> ours;
    private final List<String> patterns;

    /**
     * The rules.
     *
     * @param patterns names, or prefixes of names followed by an asterisk; empty: the default ones
     */
    ReplyTopicRules(TopicNames topics, List<String> patterns) {
        this.completions = Set.of(topics.of(Topic.COMPLETIONS), topics.of(Topic.COMPLETIONS_TEXT));
        this.ours = Arrays.stream(Topic.values())
                .map(topics::of)
                .filter(name -> !completions.contains(name))
                .collect(Collectors.toSet());
        this.patterns = patterns.isEmpty() ? standard(topics) : List.copyOf(patterns);
    }

    /** Why answers must not be written to a topic with this name; empty when the name is allowed. */
    Optional<String> violation(String topic) {
        if (completions.contains(topic)) {
            return Optional.empty();
        }
        if (ours.contains(topic)
                || topic.startsWith(INTERNAL)
                || STREAMS.matcher(topic).matches()) {
            return Optional.of("the reply topic %s must not be used for answers".formatted(topic));
        }
        return patterns.stream().anyMatch(pattern -> matches(pattern, topic))
                ? Optional.empty()
                : Optional.of("the reply topic %s is not allowed: the generator answers on %s (--reply-topics)"
                        .formatted(topic, allowed()));
    }

    private String allowed() {
        return Stream.concat(completions.stream().sorted(), patterns.stream()).collect(Collectors.joining(", "));
    }

    /** The former for frameworks in which the name can be chosen; NestJS uses the request's topic and {@code .reply}. */
    private static List<String> standard(TopicNames topics) {
        return List.of(topics.prefix() + ".replies" + ANY, topics.of(Topic.PREFIXES) + ".reply");
    }

    private static boolean matches(String pattern, String topic) {
        return pattern.endsWith(ANY)
                ? topic.startsWith(pattern.substring(0, pattern.length() - ANY.length()))
                : topic.equals(pattern);
    }
}
