package io.inkstream.generator.answers;

import io.inkstream.corpuslog.deadletters.DeadLetter;
import io.inkstream.corpuslog.deadletters.RecordSize;
import io.inkstream.corpuslog.requests.RequestHeaders;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.generator.requests.RequestFormat;
import io.inkstream.generator.requests.RequestRecord;
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
import org.jspecify.annotations.Nullable;

/**
 * Encodes answers as records. An Avro request is answered with a Completion. A plain one is answered with the prefix and
 * its completion, or with {@code error: …}; the other fields of a Completion are then in the headers
 * {@code inkstream.corpus}, {@code inkstream.checkpoint}, {@code inkstream.finish}, {@code inkstream.seed} and {@code
 * inkstream.error}.
 */
final class AnswerRecords {

    /** Answers to topics that are not remembered go through the thread that may wait for the registry. */
    private static final int MAX_REMEMBERED = 1000;

    private final String avroTopic;
    private final String textTopic;
    private final Serializer<Completion> avro;
    /** Topics whose schema is registered, and cached by the serializer. */
    private final Set<String> registered = ConcurrentHashMap.newKeySet();

    AnswerRecords(TopicNames topics, Serializer<Completion> avro) {
        this.avroTopic = topics.of(Topic.COMPLETIONS);
        this.textTopic = topics.of(Topic.COMPLETIONS_TEXT);
        this.avro = avro;
    }

    /** The default topic for the answer to a request. */
    String defaultTopic(RequestRecord request) {
        return request.format() == RequestFormat.AVRO ? avroTopic : textTopic;
    }

    /** True when {@link #fitting} may wait for the registry, because no answer was written to that topic yet. */
    boolean needsRegistry(RequestRecord request, Destination destination) {
        return request.format() == RequestFormat.AVRO && !registered.contains(destination.topic());
    }

    /**
     * The answer as a record that its topic accepts, in the longest form from this one on that is not too large.
     *
     * @return empty when even the shortest form is too large
     * @throws org.apache.kafka.common.KafkaException if its schema cannot be registered, perhaps only for now
     */
    Optional<AnswerRecord> fitting(Answer answer, Destination destination, AnswerForm longest) {
        long maxBytes = Math.min(destination.maxBytes(), DeadLetter.LARGEST_BYTES);
        Optional<AnswerForm> form = Optional.of(longest);
        while (form.isPresent()) {
            ProducerRecord<byte[], byte[]> record = record(answer, destination, form.get());
            if (RecordSize.of(record.key(), record.value(), record.headers()) <= maxBytes) {
                return Optional.of(new AnswerRecord(form.get(), record));
            }
            form = form.get().shorter();
        }
        return Optional.empty();
    }

    private ProducerRecord<byte[], byte[]> record(Answer answer, Destination destination, AnswerForm form) {
        RequestRecord request = answer.request();
        Completion completion = form.of(answer.completion(), destination);
        Headers headers = new RecordHeaders();
        request.correlation().ifPresent(headers::add);
        byte[] value;
        if (request.format() == RequestFormat.AVRO) {
            value = avro.serialize(destination.topic(), completion);
            if (registered.size() < MAX_REMEMBERED) {
                registered.add(destination.topic());
            }
        } else {
            value = text(completion).getBytes(StandardCharsets.UTF_8);
            describe(completion, headers);
        }
        if (destination instanceof Destination.DefaultTopic standard) {
            standard.replyError().ifPresent(error -> add(headers, RequestHeaders.REPLY_ERROR, error));
        }
        return new ProducerRecord<>(
                destination.topic(), partition(destination), request.record().key(), value, headers);
    }

    /** null: the partitioner's choice. */
    private static @Nullable Integer partition(Destination destination) {
        return destination instanceof Destination.ReplyTopic reply
                        && reply.partition().isPresent()
                ? Integer.valueOf(reply.partition().getAsInt())
                : null;
    }

    private static String text(Completion completion) {
        return completion.getFinish() == FinishReason.ERROR
                ? "error: " + completion.getError()
                : completion.getPrefix() + completion.getText();
    }

    private static void describe(Completion completion, Headers headers) {
        add(headers, "inkstream.finish", completion.getFinish().name().toLowerCase(Locale.ROOT));
        if (completion.getCorpus() != null) {
            add(headers, RequestHeaders.CORPUS, completion.getCorpus());
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
