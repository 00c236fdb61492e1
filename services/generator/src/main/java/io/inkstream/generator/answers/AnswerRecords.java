package io.inkstream.generator.answers;

import io.inkstream.generator.requests.Envelope;
import io.inkstream.generator.requests.RequestFormat;
import io.inkstream.platform.topics.Topic;
import io.inkstream.platform.topics.TopicNames;
import io.inkstream.schemas.Completion;
import io.inkstream.schemas.FinishReason;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Writes answers as records. An Avro request is answered with a Completion. A plain one is answered with the prefix and
 * the text that goes on from it, or with {@code error: …}; what a Completion says beside the text is then in the headers
 * {@code inkstream.corpus}, {@code inkstream.checkpoint}, {@code inkstream.finish}, {@code inkstream.seed} and {@code
 * inkstream.error}.
 */
final class AnswerRecords {

    static final String REPLY_ERROR_HEADER = "inkstream.reply-error";

    private final String avroTopic;
    private final String textTopic;
    private final Serializer<Completion> avro;

    AnswerRecords(TopicNames topics, Serializer<Completion> avro) {
        this.avroTopic = topics.of(Topic.COMPLETIONS);
        this.textTopic = topics.of(Topic.COMPLETIONS_TEXT);
        this.avro = avro;
    }

    /** The answer, for the topic and the partition that the request names. */
    ProducerRecord<byte[], byte[]> asAsked(Envelope envelope, Completion completion) {
        return record(
                envelope, completion, envelope.reply().topic(), envelope.reply().partition());
    }

    /**
     * The answer, for the default topic.
     *
     * @param replyError why it is not where the request wants it; null when it is
     */
    ProducerRecord<byte[], byte[]> onDefaultTopic(Envelope envelope, Completion completion, String replyError) {
        String topic = envelope.format() == RequestFormat.AVRO ? avroTopic : textTopic;
        ProducerRecord<byte[], byte[]> record = record(envelope, completion, topic, null);
        if (replyError != null) {
            add(record.headers(), REPLY_ERROR_HEADER, replyError);
        }
        return record;
    }

    private ProducerRecord<byte[], byte[]> record(
            Envelope envelope, Completion completion, String topic, Integer partition) {
        Headers headers = new RecordHeaders();
        envelope.correlation().ifPresent(headers::add);
        byte[] value;
        if (envelope.format() == RequestFormat.AVRO) {
            value = avro.serialize(topic, completion);
        } else {
            value = text(completion).getBytes(StandardCharsets.UTF_8);
            describe(completion, headers);
        }
        return new ProducerRecord<>(topic, partition, envelope.record().key(), value, headers);
    }

    private static String text(Completion completion) {
        return completion.getFinish() == FinishReason.ERROR
                ? "error: " + completion.getError()
                : completion.getPrefix() + completion.getText();
    }

    private static void describe(Completion completion, Headers headers) {
        add(headers, "inkstream.finish", completion.getFinish().name().toLowerCase(Locale.ROOT));
        if (completion.getCorpus() != null) {
            add(headers, "inkstream.corpus", completion.getCorpus());
        }
        if (completion.getCheckpoint() != null) {
            add(headers, "inkstream.checkpoint", completion.getCheckpoint().getSha256());
        }
        if (completion.getSeed() != null) {
            add(headers, "inkstream.seed", completion.getSeed().toString());
        }
        if (completion.getError() != null) {
            add(headers, "inkstream.error", completion.getError());
        }
    }

    private static void add(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
