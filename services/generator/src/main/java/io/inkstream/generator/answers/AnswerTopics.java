package io.inkstream.generator.answers;

import io.inkstream.generator.requests.Excerpt;
import io.inkstream.generator.requests.ReplyAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Looks up the topics that answers go to: whether they are there, what they are for and how large a record they accept.
 * Nobody waits for it; what it finds is remembered for a while. Safe for use by several threads.
 */
final class AnswerTopics {

    /** What a topic accepts unless it is configured otherwise. */
    static final int USUAL_LARGEST = 1_048_588;

    private static final Duration KNOWN_FOR = Duration.ofMinutes(1);
    private static final Duration MISSING_FOR = Duration.ofSeconds(2);
    private static final int TIMEOUT_MILLIS = 5000;
    private static final int REMEMBERED = 1000;

    private final Admin admin;
    private final ReplyTopicRules rules;

    private final Map<String, Found> found = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Found> eldest) {
            return size() > REMEMBERED;
        }
    };

    AnswerTopics(Admin admin, ReplyTopicRules rules) {
        this.admin = admin;
        this.rules = rules;
    }

    /**
     * The topic that a request names for its answer. It must be allowed by the rules and must not be compacted, as a
     * compacted topic is somebody's table.
     *
     * @return fails with an {@link UnusableReplyTopicException} that says why nothing can be written there
     */
    CompletableFuture<Destination> reply(ReplyAddress address) {
        Optional<String> forbidden = rules.problem(address.topic());
        if (forbidden.isPresent()) {
            return CompletableFuture.failedFuture(new UnusableReplyTopicException(forbidden.get()));
        }
        return look(address.topic()).thenApply(topic -> {
            String problem = topic.problem(address);
            if (problem != null) {
                throw new UnusableReplyTopicException(problem);
            }
            return new Destination(address.topic(), address.partition(), topic.largest, true, null);
        });
    }

    /**
     * A default topic. If it cannot be looked up now, it is taken to have the usual settings.
     *
     * @param replyError see {@link Destination}
     */
    CompletableFuture<Destination> standard(String topic, String replyError) {
        return look(topic)
                .thenApply(known -> new Destination(
                        topic, null, known.problem == null ? known.largest : USUAL_LARGEST, false, replyError));
    }

    private CompletableFuture<Topic> look(String name) {
        synchronized (found) {
            Found known = found.get(name);
            if (known != null && !known.isOver()) {
                return known.topic;
            }
            Found next = new Found(ask(name), System.nanoTime());
            found.remove(name);
            found.put(name, next);
            return next.topic;
        }
    }

    private CompletableFuture<Topic> ask(String name) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, name);
        CompletableFuture<TopicDescription> description = admin.describeTopics(
                        List.of(name), new DescribeTopicsOptions().timeoutMs(TIMEOUT_MILLIS))
                .topicNameValues()
                .get(name)
                .toCompletionStage()
                .toCompletableFuture();
        CompletableFuture<Config> settings = admin.describeConfigs(
                        List.of(resource), new DescribeConfigsOptions().timeoutMs(TIMEOUT_MILLIS))
                .values()
                .get(resource)
                .toCompletionStage()
                .toCompletableFuture();
        return description
                .thenCombine(settings, (described, configured) -> Topic.of(name, described, configured))
                .exceptionally(failure -> Topic.unusable(sentence(name, failure)));
    }

    private static String sentence(String topic, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof UnknownTopicOrPartitionException) {
            return "there is no reply topic %s".formatted(topic);
        }
        if (cause instanceof AuthorizationException) {
            return "the generator may not look up the reply topic %s: permit it DESCRIBE, DESCRIBE_CONFIGS and WRITE (%s)"
                    .formatted(topic, Excerpt.quoted(cause.getMessage()));
        }
        if (cause instanceof TimeoutException) {
            return "the reply topic %s could not be looked up within %d s".formatted(topic, TIMEOUT_MILLIS / 1000);
        }
        return "the reply topic %s cannot be used: %s".formatted(topic, Excerpt.quoted(cause.getMessage()));
    }

    /**
     * What is known of a topic.
     *
     * @param problem why no answer can be written there; null when one can
     */
    private record Topic(String name, int partitions, int largest, String problem) {

        static Topic of(String name, TopicDescription description, Config settings) {
            List<String> cleanup = Arrays.asList(
                    value(settings, TopicConfig.CLEANUP_POLICY_CONFIG, "").split("\\s*,\\s*"));
            String problem = description.isInternal() || cleanup.contains(TopicConfig.CLEANUP_POLICY_COMPACT)
                    ? "the reply topic %s is not for answers: it is compacted".formatted(name)
                    : null;
            String largest = value(settings, TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(USUAL_LARGEST));
            return new Topic(name, description.partitions().size(), Integer.parseInt(largest), problem);
        }

        static Topic unusable(String problem) {
            return new Topic(null, 0, 0, problem);
        }

        String problem(ReplyAddress address) {
            if (problem != null || address.partition() == null || address.partition() < partitions) {
                return problem;
            }
            return "the reply topic %s has no partition %d: it has %d".formatted(name, address.partition(), partitions);
        }

        private static String value(Config settings, String name, String otherwise) {
            ConfigEntry entry = settings.get(name);
            return entry == null || entry.value() == null ? otherwise : entry.value();
        }
    }

    /** An answer about a topic, or the question. */
    private record Found(CompletableFuture<Topic> topic, long askedAt) {

        boolean isOver() {
            if (!topic.isDone()) {
                return false;
            }
            Duration holds = topic.join().problem == null ? KNOWN_FOR : MISSING_FOR;
            return System.nanoTime() - askedAt > holds.toNanos();
        }
    }
}
