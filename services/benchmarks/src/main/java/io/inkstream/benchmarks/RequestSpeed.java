package io.inkstream.benchmarks;

import io.inkstream.cli.stack.EmbeddedStack;
import io.inkstream.client.CorpusRun;
import io.inkstream.client.text.TextSource;
import io.inkstream.corpuslog.checkpoints.CheckpointReader;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.languagemodel.checkpoint.Checkpoint;
import io.inkstream.languagemodel.decoding.Decoder;
import io.inkstream.launcher.services.ServiceSettings;
import io.inkstream.platform.config.Connection;
import io.inkstream.schemas.CellKind;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.NormalizerKind;
import io.inkstream.schemas.TokenizerKind;
import io.inkstream.schemas.TrainingSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Plain requests of 50 tokens, many at once, through the whole embedded pipeline, from the first request that is sent to the
 * last answer that is read; and the same model's decoder by itself, in the same process.
 *
 * <pre>RequestSpeed FOLDER [cell [hidden [requests [rounds]]]]</pre>
 */
public final class RequestSpeed {

    private static final int TOKENS = 50;

    /** The JVM goes on compiling what a request takes for more than 100,000 of them. */
    private static final int WARM_UP_ROUNDS = 8;

    private static final int PARTITIONS = 4;
    private static final int BATCH = 128;
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final String CORPUS = "alphabet";
    private static final byte[] MAX_TOKENS = Integer.toString(TOKENS).getBytes(StandardCharsets.UTF_8);
    private static final byte[] PREFIX = "a".getBytes(StandardCharsets.UTF_8);

    private RequestSpeed() {}

    /**
     * Prints one line of JSON: tokens per second of the decoder, and through Kafka in the first round and, the median, in those
     * after the warm-up.
     */
    public static void main(String[] args) throws IOException, InterruptedException, ExecutionException {
        Path folder = Files.createTempDirectory(Path.of(args[0]), "request-speed-");
        CellKind cell = CellKind.valueOf(args.length > 1 ? args[1].toUpperCase(Locale.ROOT) : "RNN_TANH");
        int hidden = args.length > 2 ? Integer.parseInt(args[2]) : 256;
        int requests = args.length > 3 ? Integer.parseInt(args[3]) : 20_000;
        int rounds = args.length > 4 ? Integer.parseInt(args[4]) : 5;
        TopicNames topics = new TopicNames(TopicNames.DEFAULT_PREFIX);
        ServiceSettings settings = new ServiceSettings(PARTITIONS, "auto", "cpu", 0, Duration.ofSeconds(10), 0);
        try (EmbeddedStack stack = EmbeddedStack.onFreePorts(folder, Map.of(), topics, settings)) {
            stack.start();
            Connection connection = stack.connection();
            Decoder decoder = train(stack, topics, cell, hidden);
            double first = round(connection, topics, requests);
            for (int i = 1; i < WARM_UP_ROUNDS; i++) {
                round(connection, topics, requests);
            }
            double[] throughKafka = new double[rounds];
            for (int i = 0; i < rounds; i++) {
                throughKafka[i] = round(connection, topics, requests);
            }
            double median = Rounds.median(throughKafka);
            int threads = Runtime.getRuntime().availableProcessors();
            double alone = DecodingSpeed.tokensPerSecond(decoder, BATCH, threads);
            System.out.printf(
                    Locale.ROOT,
                    "{\"cell\":\"%s\",\"hidden\":%d,\"requests\":%d,\"decoderTokensPerSecond\":%.0f,\"firstTokensPerSecond\":%.0f,\"tokensPerSecond\":%.0f,\"share\":%.2f,\"requestsPerSecond\":%.0f}%n",
                    cell,
                    hidden,
                    requests,
                    alone,
                    first,
                    median,
                    median / alone,
                    median / TOKENS);
        }
    }

    /** Trains an epoch on the alphabet. */
    private static Decoder train(EmbeddedStack stack, TopicNames topics, CellKind cell, int hidden) {
        CorpusSpec reading = CorpusSpec.newBuilder()
                .setTokenizer(TokenizerKind.CHARACTERS)
                .setNormalizer(NormalizerKind.VERBATIM)
                .build();
        CorpusSpec training = CorpusSpec.newBuilder(reading)
                .setTraining(TrainingSpec.newBuilder()
                        .setCell(cell)
                        .setHidden(hidden)
                        .setEpochs(1)
                        .build())
                .build();
        CorpusRun run = new CorpusRun(stack.connection(), topics, CORPUS, stack::requireLive);
        run.ingest(TextSource.words(CORPUS, "abcdefghijklmnopqrstuvwxyz\n".repeat(200)), reading);
        CheckpointManifest manifest = run.train(training, view -> {}).manifest();
        Checkpoint checkpoint =
                Checkpoint.read(new CheckpointReader(stack.connection(), topics).read(CORPUS, manifest));
        return new Decoder(checkpoint.shape(), checkpoint.parameters(), checkpoint.vocabulary(), checkpoint.reading());
    }

    /** Tokens per second. */
    private static double round(Connection connection, TopicNames topics, int requests) {
        List<TopicPartition> answers = IntStream.range(0, PARTITIONS)
                .mapToObj(partition -> new TopicPartition(topics.of(Topic.COMPLETIONS_TEXT), partition))
                .toList();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        connection.clientProperties(), new ByteArraySerializer(), new ByteArraySerializer());
                KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                        connection.clientProperties(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(answers);
            consumer.seekToEnd(answers);
            answers.forEach(consumer::position);
            long began = System.nanoTime();
            for (int i = 0; i < requests; i++) {
                ProducerRecord<byte[], byte[]> request = new ProducerRecord<>(topics.of(Topic.PREFIXES), PREFIX);
                request.headers().add("inkstream.max-tokens", MAX_TOKENS);
                Future<RecordMetadata> unused = producer.send(request);
            }
            producer.flush();
            int answered = 0;
            while (answered < requests && System.nanoTime() - began < TIMEOUT.toNanos()) {
                for (ConsumerRecord<byte[], byte[]> answer : consumer.poll(Duration.ofMillis(100))) {
                    if (answer.value().length != PREFIX.length + TOKENS) {
                        throw new IllegalStateException(new String(answer.value(), StandardCharsets.UTF_8));
                    }
                    answered++;
                }
            }
            if (answered < requests) {
                throw new IllegalStateException("%d of %d answers came in time".formatted(answered, requests));
            }
            return (double) requests * TOKENS / ((System.nanoTime() - began) / 1e9);
        }
    }
}
