package io.inkstream.generator.answers;

import io.inkstream.generator.requests.ReplyAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.TopicConfig;

/** What is known about a topic that answers may be written to. */
sealed interface TopicState {

    /** What a topic accepts unless it is configured otherwise. */
    int DEFAULT_MAX_BYTES = 1_048_588;

    /** Answers can be written to it. */
    record Usable(String name, int partitions, int maxBytes) implements TopicState {}

    /**
     * Answers cannot be written to it.
     *
     * @param error why, as a sentence without its full stop
     */
    record Unusable(String error) implements TopicState {}

    /** The state of a topic that was looked up. */
    static TopicState of(String name, TopicDescription description, Config settings) {
        List<String> cleanup = Arrays.asList(
                value(settings, TopicConfig.CLEANUP_POLICY_CONFIG, "").split("\\s*,\\s*"));
        if (description.isInternal() || cleanup.contains(TopicConfig.CLEANUP_POLICY_COMPACT)) {
            return new Unusable("the reply topic %s is compacted and cannot be used for answers".formatted(name));
        }
        String maxBytes = value(settings, TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(DEFAULT_MAX_BYTES));
        return new Usable(name, description.partitions().size(), Integer.parseInt(maxBytes));
    }

    /**
     * The topic as the destination of an answer.
     *
     * @throws UnusableReplyTopicException if answers cannot be written there
     */
    default Destination replyTopic(ReplyAddress.Named address) {
        if (this instanceof Usable usable) {
            if (address.partition().orElse(0) >= usable.partitions()) {
                throw new UnusableReplyTopicException("the reply topic %s has no partition %d: it has %d"
                        .formatted(usable.name(), address.partition().orElse(0), usable.partitions()));
            }
            return new Destination.ReplyTopic(address.topic(), address.partition(), usable.maxBytes());
        }
        throw new UnusableReplyTopicException(((Unusable) this).error());
    }

    private static String value(Config settings, String name, String otherwise) {
        return Optional.ofNullable(settings.get(name)).map(ConfigEntry::value).orElse(otherwise);
    }
}
