package io.inkstream.generator.requests;

import io.inkstream.corpuslog.requests.RequestHeaders;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.internals.Topic;

/**
 * Where a request wants its answer, as Spring for Apache Kafka and NestJS say it.
 *
 * @param topic the reply topic; null: the default one
 * @param partition of that topic; null: by the key
 * @param problem why it cannot be followed; null when nothing is wrong with it
 */
public record ReplyAddress(String topic, Integer partition, String problem) {

    private static final ReplyAddress DEFAULT = new ReplyAddress(null, null, null);

    /** The address in a request's headers. */
    public static ReplyAddress of(Headers headers) {
        Header topicHeader = headers.lastHeader(RequestHeaders.REPLY_TOPIC);
        if (topicHeader == null || topicHeader.value() == null) {
            return DEFAULT;
        }
        String topic = new String(topicHeader.value(), StandardCharsets.UTF_8);
        if (!Topic.isValid(topic)) {
            return new ReplyAddress(null, null, "%s is no topic's name".formatted(RequestHeaders.REPLY_TOPIC));
        }
        Header partitionHeader = headers.lastHeader(RequestHeaders.REPLY_PARTITION);
        if (partitionHeader == null || partitionHeader.value() == null) {
            return new ReplyAddress(topic, null, null);
        }
        Integer partition = partition(partitionHeader.value());
        return partition == null
                ? new ReplyAddress(null, null, "%s is no partition's number".formatted(RequestHeaders.REPLY_PARTITION))
                : new ReplyAddress(topic, partition, null);
    }

    /** True when it is not the default topic. */
    public boolean isGiven() {
        return topic != null;
    }

    /** Four digits are read as digits: as a binary number they would be a partition beyond 800 million. */
    private static Integer partition(byte[] value) {
        String text = new String(value, StandardCharsets.US_ASCII);
        if (text.matches("[0-9]{1,9}")) {
            return Integer.valueOf(text);
        }
        if (value.length == Integer.BYTES && value[0] >= 0) {
            return ByteBuffer.wrap(value).getInt();
        }
        return null;
    }
}
