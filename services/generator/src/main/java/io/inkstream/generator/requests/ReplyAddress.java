package io.inkstream.generator.requests;

import io.inkstream.corpuslog.requests.RequestHeaders;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.internals.Topic;

/** The reply topic that a request names in its headers, in the format of Spring for Apache Kafka and NestJS. */
public sealed interface ReplyAddress {

    /** The request names no reply topic: the answer goes to the default topic. */
    record None() implements ReplyAddress {}

    /**
     * The request names a reply topic.
     *
     * @param topic the reply topic
     * @param partition of that topic; empty: by the key
     */
    record Named(String topic, OptionalInt partition) implements ReplyAddress {}

    /**
     * The headers cannot be used: the answer goes to the default topic.
     *
     * @param error why
     */
    record Invalid(String error) implements ReplyAddress {}

    /** The address in a request's headers. */
    static ReplyAddress of(Headers headers) {
        Header topicHeader = headers.lastHeader(RequestHeaders.REPLY_TOPIC);
        if (topicHeader == null || topicHeader.value() == null) {
            return new None();
        }
        String topic = new String(topicHeader.value(), StandardCharsets.UTF_8);
        if (!Topic.isValid(topic)) {
            return new Invalid("%s is not a valid topic name".formatted(RequestHeaders.REPLY_TOPIC));
        }
        Header partitionHeader = headers.lastHeader(RequestHeaders.REPLY_PARTITION);
        if (partitionHeader == null || partitionHeader.value() == null) {
            return new Named(topic, OptionalInt.empty());
        }
        OptionalInt partition = partition(partitionHeader.value());
        return partition.isPresent()
                ? new Named(topic, partition)
                : new Invalid("%s is not a partition number".formatted(RequestHeaders.REPLY_PARTITION));
    }

    /** Four digits are read as digits: as a binary number they would be a partition above 800 million. */
    private static OptionalInt partition(byte[] value) {
        String text = new String(value, StandardCharsets.US_ASCII);
        if (text.matches("[0-9]{1,9}")) {
            return OptionalInt.of(Integer.parseInt(text));
        }
        return value.length == Integer.BYTES && value[0] >= 0
                ? OptionalInt.of(ByteBuffer.wrap(value).getInt())
                : OptionalInt.empty();
    }
}
