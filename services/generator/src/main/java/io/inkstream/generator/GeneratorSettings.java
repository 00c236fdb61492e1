package io.inkstream.generator;

import io.inkstream.generator.requests.RequestLimits;
import io.inkstream.platform.InkstreamException;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The settings of the generator.
 *
 * @param partitions partition count for topics that it creates
 * @param batch maximum number of requests that a thread generates together, at least 1; there are as many threads as processors
 * @param limits of a request
 * @param replyTopics topics in addition to the completion topics that a request may name for its answer: names, or prefixes
 *     of names followed by an asterisk; empty: {@code PREFIX.replies*} and {@code PREFIX.prefixes.reply}
 * @param modelsMemory maximum heap size of the loaded models together, in bytes, at least 1; a larger model is served alone
 */
public record GeneratorSettings(
        int partitions, int batch, RequestLimits limits, List<String> replyTopics, long modelsMemory) {

    private static final Pattern LEGAL = Pattern.compile("[A-Za-z0-9._-]*\\*?");

    public GeneratorSettings {
        if (partitions < 1 || batch < 1) {
            throw new InkstreamException(
                    "The generator needs at least 1 partition and a batch of at least 1, not %d and %d."
                            .formatted(partitions, batch));
        }
        if (modelsMemory < 1) {
            throw new InkstreamException(
                    "The memory limit of the models must be at least 1 byte, not %d.".formatted(modelsMemory));
        }
        replyTopics = List.copyOf(replyTopics);
        replyTopics.stream().filter(topic -> !isReplyTopic(topic)).findFirst().ifPresent(topic -> {
            throw new InkstreamException(
                    "'%s' cannot be used as a reply topic: use the name of a topic, or a prefix of names followed by an asterisk, for instance replies.*"
                            .formatted(topic));
        });
    }

    /** True for the name of a topic, and for a prefix followed by an asterisk. */
    public static boolean isReplyTopic(String pattern) {
        return !pattern.isEmpty() && LEGAL.matcher(pattern).matches();
    }

    /** Settings with half of the heap for models. */
    public GeneratorSettings(int partitions, int batch, RequestLimits limits, List<String> replyTopics) {
        this(partitions, batch, limits, replyTopics, Runtime.getRuntime().maxMemory() / 2);
    }

    /** Settings with the standard limits and reply topics, and half of the heap for models. */
    public GeneratorSettings(int partitions, int batch) {
        this(partitions, batch, RequestLimits.STANDARD, List.of());
    }

    /** 4 partitions, 64 requests together on each thread. */
    public static GeneratorSettings defaults() {
        return new GeneratorSettings(4, 64);
    }
}
