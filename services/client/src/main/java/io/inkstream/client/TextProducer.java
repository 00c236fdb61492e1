package io.inkstream.client;

import io.inkstream.client.text.TextSource;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.lifecycle.Closing;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Produces the text of one corpus: idempotent, acknowledged by all replicas, in order. Used by one thread. */
public final class TextProducer implements AutoCloseable {

    private final Producer<String, byte[]> producer;
    private final String topic;
    private final String corpus;
    private final TextReceipt.Count count = new TextReceipt.Count();

    private volatile @Nullable Exception failure;

    /** A producer for the text of a corpus. */
    public TextProducer(Connection connection, TopicNames topics, String corpus) {
        Map<String, Object> properties = connection.clientProperties();
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, 20);
        properties.putIfAbsent(ProducerConfig.BATCH_SIZE_CONFIG, 256 * 1024);
        properties.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
        this.producer = new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
        this.topic = topics.of(Topic.TEXT);
        this.corpus = corpus;
    }

    /**
     * Sends a text, in records of whole lines.
     *
     * @throws InkstreamException if a line is too long for a record, or this or an earlier record was rejected
     */
    public void send(String text) {
        TextSource.words("the text", text).records(this::send);
    }

    /**
     * Sends a text file in UTF-8, in records of whole lines. It is checked before anything of it is sent.
     *
     * @throws InkstreamException if it cannot be read, is empty, is not UTF-8 or has a line that is too long for a record; if this
     *     or an earlier record was rejected
     */
    public void sendFile(Path file) {
        TextSource source = TextSource.file(file);
        source.check();
        source.records(this::send);
    }

    /**
     * Sends one record of whole lines.
     *
     * @throws InkstreamException if this or an earlier record was rejected
     */
    @SuppressWarnings("FutureReturnValueIgnored") // the callback learns what becomes of it
    public void send(byte[] lines) {
        requireNoFailure();
        try {
            producer.send(new ProducerRecord<>(topic, corpus, lines), (metadata, exception) -> {
                if (exception == null) {
                    count.add(metadata, lines);
                } else {
                    failure = exception;
                }
            });
        } catch (InterruptException e) {
            throw e;
        } catch (RuntimeException e) {
            failure = e;
            requireNoFailure();
        }
    }

    /**
     * Waits until all records sent are acknowledged.
     *
     * @return where they lie
     * @throws InkstreamException if one was rejected
     */
    public TextReceipt flush() {
        producer.flush();
        requireNoFailure();
        return count.receipt(topic);
    }

    @Override
    public void close() {
        Closing.quietly(() -> producer.close(Closing.TIMEOUT));
    }

    private void requireNoFailure() {
        Exception first = failure;
        if (first != null) {
            throw new InkstreamException(
                    "A record of corpus '%s' was rejected by topic %s (%s): %s records were acknowledged before it."
                            .formatted(corpus, topic, first.getMessage(), count.records()),
                    first);
        }
    }
}
