package io.inkstream.corpuslog.requests;

/**
 * The record headers of requests for completions and of their answers, in the format of Spring for Apache Kafka and NestJS;
 * and the one that names the corpus, which text may have too.
 */
public final class RequestHeaders {

    /** Identifies the request that an answer belongs to; its bytes are returned unchanged. */
    public static final String CORRELATION_ID = "kafka_correlationId";

    /** The reply topic, in UTF-8. */
    public static final String REPLY_TOPIC = "kafka_replyTopic";

    /** The partition of the reply topic: four bytes, big-endian, or decimal digits. */
    public static final String REPLY_PARTITION = "kafka_replyPartition";

    /** The corpus, in UTF-8: of a plain request, of its answer, and of a text record that has no key. */
    public static final String CORPUS = "inkstream.corpus";

    /** Identifies the client, for fair scheduling. */
    public static final String CLIENT = "inkstream.client";

    /** In an answer on the default topic: why it is not on the reply topic. */
    public static final String REPLY_ERROR = "inkstream.reply-error";

    private RequestHeaders() {}
}
