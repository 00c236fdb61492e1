package io.inkstream.generator.answers;

import io.inkstream.corpuslog.deadletters.DeadLetter;
import io.inkstream.corpuslog.deadletters.RecordSize;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.generator.requests.Envelope;
import io.inkstream.generator.requests.RequestFormat;
import io.inkstream.schemas.Completion;
import io.inkstream.schemas.FinishReason;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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

    /** Answers to other topics than these pass by the thread that waits for the registry. */
    private static final int REMEMBERED = 1000;

    private final String avroTopic;
    private final String textTopic;
    private final Serializer<Completion> avro;
    /** Topics whose schema has an id, which the serializer remembers. */
    private final Set<String> registered = ConcurrentHashMap.newKeySet();

    AnswerRecords(TopicNames topics, Serializer<Completion> avro) {
        this.avroTopic = topics.of(Topic.COMPLETIONS);
        this.textTopic = topics.of(Topic.COMPLETIONS_TEXT);
        this.avro = avro;
    }

    /** The default topic for the answer to a request. */
    String defaultTopic(Envelope envelope) {
        return envelope.format() == RequestFormat.AVRO ? avroTopic : textTopic;
    }

    /** True when {@link #fitting} may wait for the registry, as no answer went to that topic yet. */
    boolean needsRegistry(Envelope envelope, Destination destination) {
        return envelope.format() == RequestFormat.AVRO && !registered.contains(destination.topic());
    }

    /**
     * The answer as a record that its topic accepts, in the longest form from this one on that is not too large.
     *
     * @return empty when even the shortest form is
     * @throws org.apache.kafka.common.KafkaException if its schema is not available, or not available now
     */
    Optional<AnswerRecord> fitting(Answer answer, Destination destination, AnswerForm longest) {
        long largest = Math.min(destination.largest(), DeadLetter.LARGEST_BYTES);
        Optional<AnswerForm> form = Optional.of(longest);
        while (form.isPresent()) {
            ProducerRecord<byte[], byte[]> record = record(answer, destination, form.get());
            if (RecordSize.of(record.key(), record.value(), record.headers()) <= largest) {
                return Optional.of(new AnswerRecord(form.get(), record));
            }
            form = form.get().shorter();
        }
        return Optional.empty();
    }

    private ProducerRecord<byte[], byte[]> record(Answer answer, Destination destination, AnswerForm form) {
        Envelope envelope = answer.envelope();
        Completion completion = form.of(answer.completion(), destination);
        Headers headers = new RecordHeaders();
        envelope.correlation().ifPresent(headers::add);
        byte[] value;
        if (envelope.format() == RequestFormat.AVRO) {
            value = avro.serialize(destination.topic(), completion);
            if (registered.size() < REMEMBERED) {
                registered.add(destination.topic());
            }
        } else {
            value = text(completion).getBytes(StandardCharsets.UTF_8);
            describe(completion, headers);
        }
        if (destination.replyError() != null) {
            add(headers, REPLY_ERROR_HEADER, destination.replyError());
        }
        return new ProducerRecord<>(
                destination.topic(), destination.partition(), envelope.record().key(), value, headers);
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
