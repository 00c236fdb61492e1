package io.inkstream.client;

import io.inkstream.corpuslog.requests.RequestHeaders;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.lifecycle.Closing;
import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.schemas.Completion;
import io.inkstream.schemas.PrefixRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.StringSerializer;

/** Sends prefixes and waits for their completions: request and reply over two topics. Used by one thread. */
public final class CompletionClient implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(100);

    private final String prefixes;
    private final String completions;
    private final Serde<PrefixRequest> requestSerde;
    private final Deserializer<Completion> answers;
    private final Producer<String, PrefixRequest> producer;
    private final KafkaConsumer<String, byte[]> consumer;

    /** A client of the generators on these topics; the topics must exist. */
    public CompletionClient(Connection connection, TopicNames topics) {
        this.prefixes = topics.of(Topic.PREFIXES);
        this.completions = topics.of(Topic.COMPLETIONS);
        this.requestSerde = RecordSerdes.serde(connection, PrefixRequest.class);
        this.answers = RecordSerdes.deserializer(connection, Completion.class);
        Map<String, Object> properties = connection.clientProperties();
        properties.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
        this.consumer = TopicScan.consumer(connection);
        this.producer = new KafkaProducer<>(properties, new StringSerializer(), requestSerde.serializer());
        listenFromHereOn();
    }

    /**
     * Sends a request and waits for its answer, which may be an error completion.
     *
     * @param within how long to wait
     * @throws InkstreamException if none comes
     */
    public Completion complete(PrefixRequest request, Duration within) {
        String id = UUID.randomUUID().toString();
        ProducerRecord<String, PrefixRequest> record = new ProducerRecord<>(prefixes, id, request);
        record.headers().add(RequestHeaders.REPLY_TOPIC, completions.getBytes(StandardCharsets.UTF_8));
        send(record);
        long deadline = System.nanoTime() + within.toNanos();
        while (System.nanoTime() < deadline) {
            for (ConsumerRecord<String, byte[]> answer : consumer.poll(POLL)) {
                if (id.equals(answer.key())) {
                    return TopicScan.value(answers, answer);
                }
            }
        }
        throw new InkstreamException(
                "No completion came within %d s: is a generator running ('inkstream run generator', or 'inkstream up')?"
                        .formatted(within.toSeconds()));
    }

    @Override
    public void close() {
        Closing.quietly(() -> producer.close(Closing.PATIENCE));
        Closing.quietly(() -> consumer.close(CloseOptions.timeout(Closing.PATIENCE)));
        requestSerde.close();
        answers.close();
    }

    private void send(ProducerRecord<String, PrefixRequest> record) {
        try {
            producer.send(record).get();
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw new InkstreamException(
                    "The prefix was not taken by topic %s: %s"
                            .formatted(prefixes, e.getCause().getMessage()),
                    e);
        }
    }

    /** Before the request goes out: an answer can come before the next poll. */
    private void listenFromHereOn() {
        List<TopicPartition> partitions = consumer.partitionsFor(completions).stream()
                .map(info -> new TopicPartition(completions, info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
    }
}
