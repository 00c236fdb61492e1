package io.inkstream.generator.answers;

import io.inkstream.generator.requests.ReplyAddress;
import io.inkstream.platform.topics.Topic;
import io.inkstream.platform.topics.TopicNames;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Tells whether an answer can be written where a request wants it, before a producer waits for a topic that is not
 * there. What it finds is remembered for a while. Used by one thread.
 */
final class ReplyTopics {

    private static final Duration KNOWN_FOR = Duration.ofMinutes(1);
    private static final Duration MISSING_FOR = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int REMEMBERED = 1000;

    private final Admin admin;
    private final Set<String> ours;

    private final Map<String, Found> found = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Found> eldest) {
            return size() > REMEMBERED;
        }
    };

    ReplyTopics(Admin admin, TopicNames topics) {
        this.admin = admin;
        this.ours = Arrays.stream(Topic.values())
                .filter(topic -> topic != Topic.COMPLETIONS && topic != Topic.COMPLETIONS_TEXT)
                .map(topics::of)
                .collect(Collectors.toSet());
    }

    /** Why nothing can be written there; empty when it can. */
    Optional<String> problem(ReplyAddress address) throws InterruptedException {
        String topic = address.topic();
        if (ours.contains(topic) || topic.startsWith("__")) {
            // Whoever may send a prefix must not be able to write models, text or offsets through us.
            return Optional.of("the reply topic %s is not for answers".formatted(topic));
        }
        Found known = found.get(topic);
        if (known == null || System.nanoTime() - known.until > 0) {
            known = look(topic);
            found.remove(topic);
            found.put(topic, known);
        }
        if (known.problem != null) {
            return Optional.of(known.problem);
        }
        return address.partition() != null && address.partition() >= known.partitions
                ? Optional.of("the reply topic %s has no partition %d: it has %d"
                        .formatted(topic, address.partition(), known.partitions))
                : Optional.empty();
    }

    private Found look(String topic) throws InterruptedException {
        try {
            TopicDescription description = admin.describeTopics(List.of(topic))
                    .topicNameValues()
                    .get(topic)
                    .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            return new Found(description.partitions().size(), null, System.nanoTime() + KNOWN_FOR.toNanos());
        } catch (ExecutionException e) {
            String problem = e.getCause() instanceof UnknownTopicOrPartitionException
                    ? "there is no reply topic %s".formatted(topic)
                    : "the reply topic %s cannot be used: %s"
                            .formatted(topic, e.getCause().getMessage());
            return new Found(0, problem, System.nanoTime() + MISSING_FOR.toNanos());
        } catch (TimeoutException e) {
            return new Found(
                    0,
                    "the reply topic %s could not be looked up within %d s".formatted(topic, PATIENCE.toSeconds()),
                    System.nanoTime() + MISSING_FOR.toNanos());
        }
    }

    private record Found(int partitions, String problem, long until) {}
}
