package io.inkstream.testsupport;

import io.inkstream.corpuslog.topics.CorpusPartition;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.languagemodel.corpus.Corpus;
import io.inkstream.languagemodel.text.Normalizer;
import io.inkstream.languagemodel.text.Reading;
import io.inkstream.languagemodel.text.Tokenizer;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.NormalizerKind;
import io.inkstream.schemas.ProgressKind;
import io.inkstream.schemas.TokenBlock;
import io.inkstream.schemas.TokenizerKind;
import io.inkstream.schemas.TrainingProgress;
import io.inkstream.schemas.TrainingSpec;
import io.inkstream.schemas.TrainingState;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;

/** Stands for ingest and for a user: writes token blocks and specs, and reads what the trainer committed. */
public final class TokenTopic implements AutoCloseable {

    private static final int LETTERS = 12;

    private final Connection connection;
    private final TopicNames topics;
    private final KafkaProducer<byte[], byte[]> producer;
    private final TopicReader reader;
    private final Map<String, Long> sizes = new HashMap<>();

    public TokenTopic(Connection connection, TopicNames topics) {
        this.connection = connection;
        this.topics = topics;
        this.producer = new KafkaProducer<>(
                connection.clientProperties(), new ByteArraySerializer(), new ByteArraySerializer());
        this.reader = new TopicReader(connection);
    }

    /** Appends random tokens of a small alphabet. */
    public void appendTokens(String corpus, int count) {
        long size = sizes.getOrDefault(corpus, 0L);
        List<String> entries = size > 0
                ? List.of()
                : IntStream.range(0, LETTERS)
                        .mapToObj(i -> String.valueOf((char) ('a' + i)))
                        .toList();
        append(corpus, size, entries, size > 0 ? LETTERS + 1 : 1, random(corpus, count, 1, LETTERS + 1));
    }

    /** Appends tokens that are new to the vocabulary. */
    public void appendNewLetters(String corpus, int count) {
        append(corpus, sizes.get(corpus), List.of("x", "y"), LETTERS + 1, random(corpus, count, 13, 15));
    }

    /** Appends a block that does not follow the one before. */
    public void appendGap(String corpus) {
        append(corpus, sizes.get(corpus) + 100, List.of(), LETTERS + 1, random(corpus, 10, 1, 3));
    }

    /** Appends bytes that are no token block. */
    public void appendGarbage(String corpus) {
        send(Topic.TOKENS, corpus, new byte[] {7, 7, 7});
    }

    public void publish(String corpus, TrainingSpec training) {
        send(Topic.CORPORA, corpus, spec(training));
    }

    /** Publishes by a clock of its own. */
    public void publish(String corpus, TrainingSpec training, Instant at) {
        String topic = topics.of(Topic.CORPORA);
        byte[] value = RecordSerdes.<CorpusSpec>serializer(connection).serialize(topic, spec(training));
        send(new ProducerRecord<>(topic, null, at.toEpochMilli(), corpus.getBytes(StandardCharsets.UTF_8), value));
    }

    /** Publishes as a producer does that has another partitioner. */
    public void publishIn(int partition, String corpus, TrainingSpec training) {
        String topic = topics.of(Topic.CORPORA);
        byte[] value = RecordSerdes.<CorpusSpec>serializer(connection).serialize(topic, spec(training));
        send(new ProducerRecord<>(topic, partition, corpus.getBytes(StandardCharsets.UTF_8), value));
    }

    private static CorpusSpec spec(TrainingSpec training) {
        return CorpusSpec.newBuilder()
                .setTokenizer(TokenizerKind.CHARACTERS)
                .setNormalizer(NormalizerKind.LETTERS)
                .setTraining(training)
                .build();
    }

    /** Publishes a manifest as if a trainer had committed it. */
    public void forge(String corpus, CheckpointManifest manifest) {
        send(Topic.MODELS, corpus, manifest);
    }

    /** The tokens that were appended, as a trainer knows them. */
    public Corpus corpus(String name) {
        Corpus corpus = new Corpus(Reading.of(Tokenizer.CHARACTERS, Normalizer.LETTERS));
        try (Deserializer<TokenBlock> values = RecordSerdes.deserializer(connection, TokenBlock.class)) {
            for (ConsumerRecord<byte[], byte[]> record : committed(Topic.TOKENS)) {
                if (name.equals(new String(record.key(), StandardCharsets.UTF_8))) {
                    TokenBlock block = values.deserialize(record.topic(), record.value());
                    corpus.append(
                            block.getNewEntries(),
                            block.getTokens().stream().mapToInt(id -> id).toArray());
                }
            }
        }
        return corpus;
    }

    /** The trainers' committed offset in the partition of a corpus, once no transaction may change it. */
    public long committedOffset(String corpus, int partitions) {
        return committedOffset(new CorpusPartition(partitions).of(corpus))
                .orElseThrow()
                .offset();
    }

    /** What the trainers' group has committed for a partition of the tokens, once no transaction may change it. */
    public Optional<OffsetAndMetadata> committedOffset(int partition) {
        TopicPartition of = new TopicPartition(topics.of(Topic.TOKENS), partition);
        String group = topics.group("trainer");
        try (Admin admin = Admin.create(connection.clientProperties())) {
            return Optional.ofNullable(admin.listConsumerGroupOffsets(
                            Map.of(group, new ListConsumerGroupOffsetsSpec().topicPartitions(List.of(of))),
                            new ListConsumerGroupOffsetsOptions().requireStable(true))
                    .partitionsToOffsetAndMetadata(group)
                    .get()
                    .get(of));
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    /** The trainers' group, as one sees it who is no member. */
    public ConsumerGroupMetadata groupMetadata() {
        return groupMetadata(connection, topics);
    }

    /** The same, of the group of these topics. */
    public static ConsumerGroupMetadata groupMetadata(Connection connection, TopicNames topics) {
        Map<String, Object> properties = connection.clientProperties();
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, topics.group("trainer"));
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            return consumer.groupMetadata();
        }
    }

    /** What the broker says of the last transaction of a transactional id. */
    public String transactionState(String transactionalId) {
        try (Admin admin = Admin.create(connection.clientProperties())) {
            return admin.describeTransactions(List.of(transactionalId))
                    .description(transactionalId)
                    .get()
                    .state()
                    .toString();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    /** All committed manifests of a corpus that the topic still holds, in order. */
    public List<CheckpointManifest> manifests(String corpus) {
        List<CheckpointManifest> manifests = new ArrayList<>();
        try (Deserializer<CheckpointManifest> values =
                RecordSerdes.deserializer(connection, CheckpointManifest.class)) {
            for (ConsumerRecord<byte[], byte[]> record : committed(Topic.MODELS)) {
                if (corpus.equals(new String(record.key(), StandardCharsets.UTF_8))) {
                    manifests.add(values.deserialize(record.topic(), record.value()));
                }
            }
        }
        return manifests;
    }

    /** The newest committed manifest of a corpus, which has one. */
    public CheckpointManifest newest(String corpus) {
        return findNewest(corpus).orElseThrow();
    }

    /** The newest committed manifest of a corpus, if it has one. */
    public Optional<CheckpointManifest> findNewest(String corpus) {
        List<CheckpointManifest> manifests = manifests(corpus);
        return manifests.isEmpty() ? Optional.empty() : Optional.of(manifests.get(manifests.size() - 1));
    }

    /** True when the newest checkpoint of a corpus is that of a training that is done. */
    public boolean isFinished(String corpus) {
        return findNewest(corpus).filter(CheckpointManifest::getFinished).isPresent();
    }

    /** The newest progress of a corpus. */
    public TrainingProgress live(String corpus) {
        List<TrainingProgress> progress = progress(corpus);
        return progress.get(progress.size() - 1);
    }

    /** True when it was reported that a corpus failed, with this error. */
    public boolean reportsFailure(String corpus, String error) {
        return progress(corpus).stream()
                .anyMatch(at ->
                        at.getState() == TrainingState.FAILED && at.getMessage().contains(error));
    }

    /** The epochs of a corpus that were committed, in order. */
    public List<TrainingProgress> epochs(String corpus) {
        return progress(corpus).stream()
                .filter(progress -> progress.getKind() == ProgressKind.EPOCH)
                .toList();
    }

    /** All progress of a corpus, in order. */
    public List<TrainingProgress> progress(String corpus) {
        List<TrainingProgress> all = new ArrayList<>();
        try (Deserializer<TrainingProgress> values = RecordSerdes.deserializer(connection, TrainingProgress.class)) {
            for (ConsumerRecord<byte[], byte[]> record : committed(Topic.PROGRESS)) {
                if (corpus.equals(new String(record.key(), StandardCharsets.UTF_8))) {
                    all.add(values.deserialize(record.topic(), record.value()));
                }
            }
        }
        return all;
    }

    /** All committed records of a topic. */
    public List<ConsumerRecord<byte[], byte[]>> committed(Topic topic) {
        return reader.all(topics.of(topic), "read_committed");
    }

    @Override
    public void close() {
        reader.close();
        producer.close();
    }

    private void append(String corpus, long position, List<String> entries, int firstNewId, List<Integer> tokens) {
        send(
                Topic.TOKENS,
                corpus,
                TokenBlock.newBuilder()
                        .setFirstPosition(position)
                        .setFirstNewId(firstNewId)
                        .setNewEntries(entries)
                        .setTokens(tokens)
                        .setTokenizer(TokenizerKind.CHARACTERS)
                        .setNormalizer(NormalizerKind.LETTERS)
                        .setTextPartition(0)
                        .setTextOffset(position / 10)
                        .build());
        sizes.put(corpus, position + tokens.size());
    }

    private static List<Integer> random(String corpus, int count, int from, int to) {
        return new Random(corpus.hashCode()).ints(count, from, to).boxed().toList();
    }

    private <T extends SpecificRecord> void send(Topic topic, String corpus, T value) {
        send(topic, corpus, RecordSerdes.<T>serializer(connection).serialize(topics.of(topic), value));
    }

    private void send(Topic topic, String corpus, byte[] value) {
        send(new ProducerRecord<>(topics.of(topic), corpus.getBytes(StandardCharsets.UTF_8), value));
    }

    private void send(ProducerRecord<byte[], byte[]> record) {
        try {
            producer.send(record).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }
}
