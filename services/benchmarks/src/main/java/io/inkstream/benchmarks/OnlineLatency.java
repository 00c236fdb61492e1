package io.inkstream.benchmarks;

import io.inkstream.cli.stack.EmbeddedStack;
import io.inkstream.client.CompletionClient;
import io.inkstream.client.Corpora;
import io.inkstream.client.SpecPublisher;
import io.inkstream.client.TextProducer;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.launcher.services.ServiceSettings;
import io.inkstream.platform.config.Connection;
import io.inkstream.schemas.CellKind;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.Completion;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.FinishReason;
import io.inkstream.schemas.NormalizerKind;
import io.inkstream.schemas.PrefixRequest;
import io.inkstream.schemas.SamplingKind;
import io.inkstream.schemas.TokenizerKind;
import io.inkstream.schemas.TrainingSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * How soon new text shows in the model that is served, with online sampling, through the whole embedded pipeline: from a
 * record produced to the checkpoint that was trained on it, and to a completion by that checkpoint.
 *
 * <pre>OnlineLatency FOLDER [rounds]</pre>
 */
public final class OnlineLatency {

    private static final int BATCH = 8;
    private static final int WINDOW = 32;
    private static final int SEGMENT_WINDOWS = 4;
    private static final int STRETCH = BATCH * WINDOW * SEGMENT_WINDOWS;
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final String CORPUS = "news";

    private OnlineLatency() {}

    /** Prints the milliseconds of each round, their median and their 90th percentile; the first rounds warm the JVM up. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory(Path.of(args[0]), "online-latency-");
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 30;
        TopicNames topics = new TopicNames(TopicNames.DEFAULT_PREFIX);
        try (EmbeddedStack stack = EmbeddedStack.onFreePorts(
                folder, Map.of(), topics, new ServiceSettings(1, "auto", "cpu", 1, Duration.ofSeconds(10), 0))) {
            stack.start();
            Connection connection = stack.connection();
            new SpecPublisher(connection, topics).publish(CORPUS, spec());
            long[] trained = new long[rounds];
            long[] served = new long[rounds];
            Random random = new Random(1);
            try (TextProducer producer = new TextProducer(connection, topics, CORPUS);
                    CompletionClient client = new CompletionClient(connection, topics)) {
                int warmUp = 5;
                for (int round = -warmUp; round < rounds; round++) {
                    // One character more than a stretch at first: the target of its last input.
                    int characters = round == -warmUp ? STRETCH + 1 : STRETCH;
                    long began = System.nanoTime();
                    producer.send(text(random, characters).getBytes(StandardCharsets.UTF_8));
                    producer.flush();
                    long tokens = (long) (round + warmUp + 1) * STRETCH;
                    CheckpointManifest manifest = awaitTrained(connection, topics, tokens);
                    long trainedAt = System.nanoTime();
                    awaitServed(client, manifest);
                    if (round >= 0) {
                        trained[round] = Duration.ofNanos(trainedAt - began).toMillis();
                        served[round] =
                                Duration.ofNanos(System.nanoTime() - began).toMillis();
                    }
                }
            }
            print("produced to trained and committed", trained);
            print("produced to served", served);
        }
    }

    private static void print(String what, long[] millis) {
        Arrays.sort(millis);
        System.out.printf(
                Locale.ROOT,
                "%s, ms: median %d, 90 %% below %d, least %d, most %d%n",
                what,
                millis[millis.length / 2],
                millis[millis.length * 9 / 10],
                millis[0],
                millis[millis.length - 1]);
    }

    private static CheckpointManifest awaitTrained(Connection connection, TopicNames topics, long tokens) {
        Corpora corpora = new Corpora(connection, topics);
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (System.nanoTime() < deadline) {
            Optional<CheckpointManifest> manifest = corpora.newestCheckpoint(CORPUS);
            if (manifest.isPresent() && manifest.get().getTokensTrained() >= tokens) {
                return manifest.get();
            }
        }
        throw new IllegalStateException("%d tokens were not trained in time".formatted(tokens));
    }

    private static void awaitServed(CompletionClient client, CheckpointManifest manifest) {
        PrefixRequest request = PrefixRequest.newBuilder()
                .setCorpus(CORPUS)
                .setPrefix("a")
                .setMaxTokens(1)
                .build();
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (System.nanoTime() < deadline) {
            Completion completion = client.complete(request, TIMEOUT);
            if (completion.getFinish() != FinishReason.ERROR
                    && completion.getCheckpoint().getSha256().equals(manifest.getSha256())) {
                return;
            }
        }
        throw new IllegalStateException("Checkpoint %s was not served in time".formatted(manifest.getSha256()));
    }

    private static CorpusSpec spec() {
        return CorpusSpec.newBuilder()
                .setTokenizer(TokenizerKind.CHARACTERS)
                .setNormalizer(NormalizerKind.VERBATIM)
                .setTraining(TrainingSpec.newBuilder()
                        .setCell(CellKind.GRU)
                        .setHidden(256)
                        .setBatch(BATCH)
                        .setWindow(WINDOW)
                        .setSegmentWindows(SEGMENT_WINDOWS)
                        .setSampling(SamplingKind.ONLINE)
                        .build())
                .build();
    }

    /** Words of random letters, on one line that ends; so many characters in all. */
    private static String text(Random random, int characters) {
        StringBuilder text = new StringBuilder(characters);
        while (text.length() < characters - 1) {
            text.append(random.nextInt(6) == 0 ? ' ' : (char) ('a' + random.nextInt(26)));
        }
        return text.append('\n').toString();
    }
}
