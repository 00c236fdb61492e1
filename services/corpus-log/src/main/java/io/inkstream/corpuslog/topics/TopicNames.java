package io.inkstream.corpuslog.topics;

import io.inkstream.platform.InkstreamException;
import java.util.regex.Pattern;

/**
 * The names of the topics under a prefix.
 *
 * @param prefix what each name begins with, without the dot after it, for instance {@code inkstream}
 */
public record TopicNames(String prefix) {

    /** The prefix unless another is configured. */
    public static final String DEFAULT_PREFIX = "inkstream";

    private static final Pattern LEGAL = Pattern.compile("[A-Za-z0-9._-]{1,200}");

    public TopicNames {
        if (prefix == null || !LEGAL.matcher(prefix).matches()) {
            throw new InkstreamException(
                    "The topic prefix '%s' is not usable: use 1 to 200 letters, digits, '.', '_' or '-'."
                            .formatted(prefix));
        }
    }

    /** The full name of a topic, for instance {@code inkstream.tokens}. */
    public String of(Topic topic) {
        return prefix + "." + topic.suffix();
    }

    /**
     * The topic in which Kafka Streams keeps the state of the corpora for ingest. It has as many partitions as the topics keyed by
     * corpus had when ingest first ran: Kafka Streams creates it, and never changes it.
     */
    public String stateOfCorpora() {
        return group("ingest") + "-states-changelog";
    }

    /** The name of a service's consumer group or application, for instance {@code inkstream-trainer}. */
    public String group(String service) {
        return prefix + "-" + service;
    }
}
