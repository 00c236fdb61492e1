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
import java.util.Objects;
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
 * Produces the records of dead letters to their original topics again: key, value and headers as they were, in one transaction. The
 * dead letters stay, so a record that is replayed twice is there twice.
 *
 * @param connection how to reach the topics
 * @param topics their names
 */
public record DeadLetterReplay(Connection connection, TopicNames topics) {

    /** On a replayed record, the id of its dead letter. */
    public static final String HEADER = "inkstream.replayed";

    private static final String REASONS = "__streams.errors.";
    private static final Set<Topic> REPLAYABLE = EnumSet.of(Topic.TEXT, Topic.CORPORA, Topic.PREFIXES);

    /**
     * A record that was replayed.
     *
     * @param id its dead letter
     * @param topic where the record is now
     * @param partition its partition there
     * @param offset its offset there
     */
    public record Replayed(ListedDeadLetter.Id id, String topic, int partition, long offset) {}

    /** Why a dead letter cannot be replayed, and what to do instead: one sentence; empty if it can be. */
    public Optional<String> obstacle(ListedDeadLetter deadLetter) {
        Optional<Topic> topic = Arrays.stream(Topic.values())
                .filter(candidate -> topics.of(candidate).equals(deadLetter.topic()))
                .findFirst();
        if (topic.isEmpty()) {
            return Optional.of(
                    "Dead letter %s came from the topic '%s', which is not one of those with the prefix %s: name the right prefix with --topic-prefix."
                            .formatted(deadLetter.id(), deadLetter.topic(), topics.prefix()));
        }
        if (topic.get() == Topic.TOKENS) {
            return Optional.of(
                    "Dead letter %s is a block of tokens, and a gap cannot be filled at the end of %s: produce the text of '%s' again, under another corpus name."
                            .formatted(
                                    deadLetter.id(),
                                    deadLetter.topic(),
                                    deadLetter.key().orElse("")));
        }
        if (topic.get() == Topic.MODELS) {
            return Optional.of(
                    "Dead letter %s is a checkpoint's manifest, which at the end of %s would become the newest of '%s': make an older checkpoint current with 'inkstream rollback'."
                            .formatted(
                                    deadLetter.id(),
                                    deadLetter.topic(),
                                    deadLetter.key().orElse("")));
        }
        if (!REPLAYABLE.contains(topic.get())) {
            return Optional.of("Dead letter %s came from %s, which only Inkstream writes to: it cannot be replayed."
                    .formatted(deadLetter.id(), deadLetter.topic()));
        }
        if (!deadLetter.whole()) {
            return Optional.of(
                    "Dead letter %s is incomplete, as the record was too large for it: the record is, or was, at offset %d of partition %d of %s."
                            .formatted(
                                    deadLetter.id(), deadLetter.offset(), deadLetter.partition(), deadLetter.topic()));
        }
        if (!deadLetter.hasValue()) {
            return Optional.of(
                    "Dead letter %s has no value to replay: the record is, or was, at offset %d of partition %d of %s."
                            .formatted(
                                    deadLetter.id(), deadLetter.offset(), deadLetter.partition(), deadLetter.topic()));
        }
        return Optional.empty();
    }

    /**
     * Replays dead letters, all or none.
     *
     * @param deadLetters that have no obstacle
     * @return where each is now, in the same order
     * @throws InkstreamException if the brokers reject them, or another replay began meanwhile: then none was replayed; or if the
     *     outcome is unknown
     */
    public List<Replayed> of(List<ListedDeadLetter> deadLetters) {
        if (deadLetters.isEmpty()) {
            return List.of();
        }
        try (KafkaConsumer<byte[], byte[]> consumer = DeadLetters.consumer(connection);
                KafkaProducer<byte[], byte[]> producer =
                        new KafkaProducer<>(properties(), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (ListedDeadLetter deadLetter : deadLetters) {
                sent.add(producer.send(
                        record(deadLetter, new DeadLetters(connection, topics).whole(consumer, deadLetter.id()))));
            }
            producer.flush();
            List<Replayed> replayed = new ArrayList<>();
            for (int i = 0; i < sent.size(); i++) {
                RecordMetadata written = sent.get(i).get();
                replayed.add(
                        new Replayed(deadLetters.get(i).id(), written.topic(), written.partition(), written.offset()));
            }
            commit(producer);
            return replayed;
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (InterruptException e) {
            throw e;
        } catch (ExecutionException | KafkaException e) {
            Throwable cause = e instanceof ExecutionException ? Objects.requireNonNullElse(e.getCause(), e) : e;
            throw new InkstreamException(
                    "No dead letter was replayed (%s): try again.".formatted(cause.getMessage()), e);
        }
    }

    private static void commit(KafkaProducer<byte[], byte[]> producer) {
        try {
            producer.commitTransaction();
        } catch (TimeoutException e) {
            throw new InkstreamException(
                    "The brokers did not confirm the replay, so all dead letters or none have been replayed: look for the header %s on their topics before you try again."
                            .formatted(HEADER),
                    e);
        }
    }

    /** The original record, placed by Kafka's own partitioner; its time is now, as the topic's retention counts from it. */
    private static ProducerRecord<byte[], byte[]> record(
            ListedDeadLetter deadLetter, ConsumerRecord<byte[], byte[]> whole) {
        RecordHeaders headers = new RecordHeaders();
        for (Header header : whole.headers()) {
            if (!header.key().startsWith(REASONS) && !header.key().equals(HEADER)) {
                headers.add(header);
            }
        }
        headers.add(HEADER, deadLetter.id().toString().getBytes(StandardCharsets.UTF_8));
        return new ProducerRecord<>(deadLetter.topic(), null, null, whole.key(), whole.value(), headers);
    }

    private Map<String, Object> properties() {
        Map<String, Object> properties = connection.clientProperties();
        // One name for all replays: the next one aborts the transaction that a killed one left open.
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, topics.group("dead-letters"));
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, DeadLetter.LARGEST_BYTES);
        properties.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, 15_000);
        return properties;
    }
}
