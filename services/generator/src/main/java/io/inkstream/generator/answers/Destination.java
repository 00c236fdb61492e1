package io.inkstream.generator.answers;

import java.util.Optional;
import java.util.OptionalInt;

/** The topic that an answer is written to. */
sealed interface Destination {

    /** Its name. */
    String topic();

    /** The largest record batch that it accepts, in bytes. */
    int maxBytes();

    /**
     * A topic that the request names.
     *
     * @param partition of the topic; empty: by the key
     */
    record ReplyTopic(String topic, OptionalInt partition, int maxBytes) implements Destination {}

    /**
     * The default topic.
     *
     * @param replyError why the answer is not where the request wants it; empty when the request names no topic
     */
    record DefaultTopic(String topic, int maxBytes, Optional<String> replyError) implements Destination {}
}
