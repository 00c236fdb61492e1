package io.inkstream.client;

import io.inkstream.client.topics.TopicScan;
import io.inkstream.corpuslog.requests.RequestHeaders;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.lifecycle.Closing;
import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.schemas.Completion;
import io.inkstream.schemas.FinishReason;
import io.inkstream.schemas.PrefixRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
    private static final Duration PAUSE = Duration.ofMillis(250);

    private final String prefixes;
    private final String completions;
    private final Serde<PrefixRequest> requestSerde;
    private final Deserializer<Completion> replies;
    private final Producer<String, PrefixRequest> producer;
    private final KafkaConsumer<String, byte[]> consumer;

    /**
     * A client of the generators on these topics.
     *
     * @throws InkstreamException if the topics do not exist, which generators create when they start
     */
    public CompletionClient(Connection connection, TopicNames topics) {
        this.prefixes = topics.of(Topic.PREFIXES);
        this.completions = topics.of(Topic.COMPLETIONS);
        this.requestSerde = RecordSerdes.serde(connection, PrefixRequest.class);
        this.replies = RecordSerdes.deserializer(connection, Completion.class);
        Map<String, Object> properties = connection.clientProperties();
        properties.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
        this.consumer = TopicScan.consumer(connection);
        try {
            requirePartitions(connection, prefixes);
            listenFromNowOn(requirePartitions(connection, completions));
            this.producer = new KafkaProducer<>(properties, new StringSerializer(), requestSerde.serializer());
        } catch (RuntimeException e) {
            closeReader();
            throw e;
        }
    }

    /**
     * Sends a request and waits for its reply, which may be an error completion.
     *
     * @param timeout how long to wait
     * @throws InkstreamException if none comes
     */
    public Completion complete(PrefixRequest request, Duration timeout) {
        String id = UUID.randomUUID().toString();
        ProducerRecord<String, PrefixRequest> record = new ProducerRecord<>(prefixes, id, request);
        record.headers().add(RequestHeaders.REPLY_TOPIC, completions.getBytes(StandardCharsets.UTF_8));
        send(record);
        long deadline = System.nanoTime() + timeout.toNanos();
        while (System.nanoTime() < deadline) {
            for (ConsumerRecord<String, byte[]> reply : consumer.poll(POLL)) {
                if (id.equals(reply.key())) {
                    return TopicScan.value(replies, reply);
                }
            }
        }
        throw new InkstreamException(
                "No completion came within %d s: is a generator running ('inkstream run generator', or 'inkstream up')?"
                        .formatted(timeout.toSeconds()));
    }

    /**
     * A greedy completion by the newest model of a corpus; waits until a generator has loaded one.
     *
     * @param timeout how long to wait
     * @throws InkstreamException if none comes, or the generator cannot complete the prefix
     */
    public Completion complete(String corpus, String prefix, Duration timeout) {
        PrefixRequest request =
                PrefixRequest.newBuilder().setCorpus(corpus).setPrefix(prefix).build();
        return completeOrThrow(request, timeout, timeout);
    }

    /**
     * A completion that is not an error. Sends the request again while the reply is an error: a generator may see the first
     * checkpoint of a corpus a moment later than its client.
     *
     * @param timeout how long to wait for each reply
     * @param retries how long to send it again; zero: it is sent once
     * @throws InkstreamException if no reply comes, or the last one is an error
     */
    public Completion completeOrThrow(PrefixRequest request, Duration timeout, Duration retries) {
        long deadline = System.nanoTime() + retries.toNanos();
        Completion completion = complete(request, timeout);
        while (completion.getFinish() == FinishReason.ERROR && System.nanoTime() < deadline) {
            pause();
            completion = complete(request, timeout);
        }
        if (completion.getFinish() == FinishReason.ERROR) {
            throw new InkstreamException(completion.getError());
        }
        return completion;
    }

    @Override
    public void close() {
        Closing.quietly(() -> producer.close(Closing.TIMEOUT));
        closeReader();
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private void closeReader() {
        Closing.quietly(() -> consumer.close(CloseOptions.timeout(Closing.TIMEOUT)));
        requestSerde.close();
        replies.close();
    }

    private void send(ProducerRecord<String, PrefixRequest> record) {
        try {
            producer.send(record).get();
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw new InkstreamException(
                    "The prefix was rejected by topic %s: %s"
                            .formatted(
                                    prefixes,
                                    Objects.requireNonNullElse(e.getCause(), e).getMessage()),
                    e);
        }
    }

    private List<TopicPartition> requirePartitions(Connection connection, String topic) {
        List<TopicPartition> partitions = TopicScan.partitions(connection, consumer, topic);
        if (partitions.isEmpty()) {
            throw new InkstreamException(
                    "Topic %s does not exist, as no generator has run on this cluster: start one with 'inkstream run generator' or 'inkstream up', or name another --topic-prefix."
                            .formatted(topic));
        }
        return partitions;
    }

    /** Before the request goes out: a reply can come before the next poll. */
    private void listenFromNowOn(List<TopicPartition> partitions) {
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
    }
}
