package io.inkstream.client.deadletters;

import io.inkstream.corpuslog.deadletters.DeadLetter;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.config.Connection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Puts dead letters back on the topics that they came from: key, value and headers as they were, in one transaction. The
 * letters themselves stay, so that one which is put back twice is there twice.
 *
 * @param connection how to reach the topics
 * @param topics their names
 */
public record DeadLetterReplay(Connection connection, TopicNames topics) {

    /** Names, on a record that was put back, the dead letter that it was. */
    public static final String HEADER = "inkstream.replayed";

    private static final String REASONS = "__streams.errors.";
    private static final Set<Topic> REPLAYABLE = EnumSet.of(Topic.TEXT, Topic.CORPORA, Topic.PREFIXES);

    /**
     * A letter that was put back.
     *
     * @param id the letter's
     * @param topic where the record is now
     * @param partition its partition there
     * @param offset its offset there
     */
    public record Replayed(ListedDeadLetter.Id id, String topic, int partition, long offset) {}

    /** Why a letter cannot be put back, and what to do instead: one sentence; empty if it can be. */
    public Optional<String> obstacle(ListedDeadLetter letter) {
        Optional<Topic> topic = Arrays.stream(Topic.values())
                .filter(candidate -> topics.of(candidate).equals(letter.topic()))
                .findFirst();
        if (topic.isEmpty()) {
            return Optional.of(
                    "Dead letter %s came from the topic '%s', which is none of those under the prefix %s: name the right one with --topic-prefix."
                            .formatted(letter.id(), letter.topic(), topics.prefix()));
        }
        if (topic.get() == Topic.TOKENS) {
            return Optional.of(
                    "Dead letter %s is a block of tokens, and a gap cannot be filled at the end of %s: produce the text of '%s' once more, under another corpus name."
                            .formatted(letter.id(), letter.topic(), letter.key()));
        }
        if (topic.get() == Topic.MODELS) {
            return Optional.of(
                    "Dead letter %s is a checkpoint's manifest, which at the end of %s would stand for the newest of '%s': make an older checkpoint current with 'inkstream rollback'."
                            .formatted(letter.id(), letter.topic(), letter.key()));
        }
        if (!REPLAYABLE.contains(topic.get())) {
            return Optional.of(
                    "Dead letter %s came from %s, which nobody but Inkstream writes to: it cannot be put back."
                            .formatted(letter.id(), letter.topic()));
        }
        if (!letter.whole()) {
            return Optional.of(
                    "Dead letter %s is not whole, as the record was too large for it: the record is, or was, at offset %d of partition %d of %s."
                            .formatted(letter.id(), letter.offset(), letter.partition(), letter.topic()));
        }
        if (!letter.hasValue()) {
            return Optional.of(
                    "Dead letter %s has no value to put back: the record is, or was, at offset %d of partition %d of %s."
                            .formatted(letter.id(), letter.offset(), letter.partition(), letter.topic()));
        }
        return Optional.empty();
    }

    /**
     * Puts letters back, all or none.
     *
     * @param letters that have no obstacle
     * @return where each is now, in the same order
     * @throws InkstreamException if the brokers refuse, or another replay began meanwhile: then none was put back; or if they do
     *     not say whether all were
     */
    public List<Replayed> of(List<ListedDeadLetter> letters) {
        if (letters.isEmpty()) {
            return List.of();
        }
        try (KafkaConsumer<byte[], byte[]> consumer = DeadLetters.consumer(connection);
                KafkaProducer<byte[], byte[]> producer =
                        new KafkaProducer<>(properties(), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (ListedDeadLetter letter : letters) {
                sent.add(producer.send(
                        record(letter, new DeadLetters(connection, topics).whole(consumer, letter.id()))));
            }
            producer.flush();
            List<Replayed> replayed = new ArrayList<>();
            for (int i = 0; i < sent.size(); i++) {
                RecordMetadata written = sent.get(i).get();
                replayed.add(new Replayed(letters.get(i).id(), written.topic(), written.partition(), written.offset()));
            }
            commit(producer);
            return replayed;
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (InterruptException e) {
            throw e;
        } catch (ExecutionException | KafkaException e) {
            Throwable cause = e instanceof ExecutionException ? e.getCause() : e;
            throw new InkstreamException(
                    "The dead letters could not be put back, none of them (%s): try again."
                            .formatted(cause.getMessage()),
                    e);
        }
    }

    private static void commit(KafkaProducer<byte[], byte[]> producer) {
        try {
            producer.commitTransaction();
        } catch (TimeoutException e) {
            throw new InkstreamException(
                    "The brokers did not say whether the dead letters are put back, all or none: look for the header %s on their topics before you try again."
                            .formatted(HEADER),
                    e);
        }
    }

    /** As it was, by Kafka's own partitioner; the time is now, as the topic's retention counts from it. */
    private static ProducerRecord<byte[], byte[]> record(
            ListedDeadLetter letter, ConsumerRecord<byte[], byte[]> whole) {
        RecordHeaders headers = new RecordHeaders();
        for (Header header : whole.headers()) {
            if (!header.key().startsWith(REASONS) && !header.key().equals(HEADER)) {
                headers.add(header);
            }
        }
        headers.add(HEADER, letter.id().toString().getBytes(StandardCharsets.UTF_8));
        return new ProducerRecord<>(letter.topic(), null, null, whole.key(), whole.value(), headers);
    }

    private Map<String, Object> properties() {
        Map<String, Object> properties = connection.clientProperties();
        // One name for all replays: the next one rolls back what one that was killed left open.
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, topics.group("dead-letters"));
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, DeadLetter.LARGEST_BYTES);
        properties.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, 15_000);
        return properties;
    }
}
