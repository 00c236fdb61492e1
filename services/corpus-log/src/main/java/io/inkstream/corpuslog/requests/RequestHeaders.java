package io.inkstream.corpuslog.requests;

/**
 * The headers of requests and replies. Those of Kafka's request/reply pattern have the names that Spring for Apache Kafka
 * and NestJS give them.
 */
public final class RequestHeaders {

    /** Which request a reply belongs to; its bytes are the client's own, and are echoed as they came. */
    public static final String CORRELATION_ID = "kafka_correlationId";

    /** The topic that the reply goes to, in UTF-8. */
    public static final String REPLY_TOPIC = "kafka_replyTopic";

    /** The partition of that topic: four bytes, the highest first, or decimal digits. */
    public static final String REPLY_PARTITION = "kafka_replyPartition";

    /** Which client has sent the request; clients are served in turn. */
    public static final String CLIENT = "inkstream.client";

    private RequestHeaders() {}
}
