package io.inkstream.generator.answers;

import io.inkstream.generator.requests.ReplyAddress;
import io.inkstream.generator.requests.Truncation;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Looks up the topics that answers are written to: whether they exist, what they are for and how large a record they accept.
 * No thread waits for it; results are cached for a while. Safe for use by several threads.
 */
final class AnswerTopics {

    private static final Duration USABLE_CACHED = Duration.ofMinutes(1);
    private static final Duration UNUSABLE_CACHED = Duration.ofSeconds(2);
    private static final int TIMEOUT_MILLIS = 5000;
    private static final int MAX_CACHED = 1000;

    private final Admin admin;
    private final ReplyTopicRules rules;
    private final Map<String, Lookup> lookups = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Lookup> eldest) {
            return size() > MAX_CACHED;
        }
    };

    AnswerTopics(Admin admin, ReplyTopicRules rules) {
        this.admin = admin;
        this.rules = rules;
    }

    /**
     * The topic that a request names for its answer. It must be allowed by the rules and must not be compacted, because a
     * compacted topic is somebody's table.
     *
     * @return fails with an {@link UnusableReplyTopicException} that says why nothing can be written there
     */
    CompletableFuture<Destination> reply(ReplyAddress.Named address) {
        Optional<String> forbidden = rules.violation(address.topic());
        if (forbidden.isPresent()) {
            return CompletableFuture.failedFuture(new UnusableReplyTopicException(forbidden.get()));
        }
        return lookUp(address.topic()).thenApply(topic -> topic.replyTopic(address));
    }

    /**
     * A default topic. If it cannot be looked up now, the default settings are assumed.
     *
     * @param replyError see {@link Destination.DefaultTopic}
     */
    CompletableFuture<Destination> standard(String topic, Optional<String> replyError) {
        return lookUp(topic)
                .thenApply(state -> new Destination.DefaultTopic(
                        topic,
                        state instanceof TopicState.Usable usable ? usable.maxBytes() : TopicState.DEFAULT_MAX_BYTES,
                        replyError));
    }

    private CompletableFuture<TopicState> lookUp(String name) {
        synchronized (lookups) {
            Lookup known = lookups.get(name);
            if (known != null && !known.isExpired()) {
                return known.topic;
            }
            Lookup next = new Lookup(request(name), System.nanoTime());
            lookups.remove(name);
            lookups.put(name, next);
            return next.topic;
        }
    }

    private CompletableFuture<TopicState> request(String name) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, name);
        CompletableFuture<TopicDescription> description =
                only(admin.describeTopics(List.of(name), new DescribeTopicsOptions().timeoutMs(TIMEOUT_MILLIS))
                        .topicNameValues());
        CompletableFuture<Config> settings =
                only(admin.describeConfigs(List.of(resource), new DescribeConfigsOptions().timeoutMs(TIMEOUT_MILLIS))
                        .values());
        return description
                .thenCombine(settings, (described, configured) -> TopicState.of(name, described, configured))
                .exceptionally(failure -> new TopicState.Unusable(sentence(name, failure)));
    }

    /** The result of a request about one topic. */
    private static <T> CompletableFuture<T> only(Map<?, KafkaFuture<T>> results) {
        return results.values().iterator().next().toCompletionStage().toCompletableFuture();
    }

    private static String sentence(String topic, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        String message = Truncation.quote(String.valueOf(cause.getMessage()));
        if (cause instanceof UnknownTopicOrPartitionException) {
            return "the reply topic %s does not exist".formatted(topic);
        }
        if (cause instanceof AuthorizationException) {
            return "the generator may not look up the reply topic %s: grant it DESCRIBE, DESCRIBE_CONFIGS and WRITE (%s)"
                    .formatted(topic, message);
        }
        if (cause instanceof TimeoutException) {
            return "the reply topic %s could not be looked up within %d s".formatted(topic, TIMEOUT_MILLIS / 1000);
        }
        return "the reply topic %s cannot be used: %s".formatted(topic, message);
    }

    /** The state of a topic, or a request for it. */
    private record Lookup(CompletableFuture<TopicState> topic, long requestedAt) {

        boolean isExpired() {
            if (!topic.isDone()) {
                return false;
            }
            Duration cached = topic.join() instanceof TopicState.Usable ? USABLE_CACHED : UNUSABLE_CACHED;
            return System.nanoTime() - requestedAt > cached.toNanos();
        }
    }
}
