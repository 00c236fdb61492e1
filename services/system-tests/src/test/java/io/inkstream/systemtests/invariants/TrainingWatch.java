package io.inkstream.systemtests.invariants;

import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.consumers.CommittedReads;
import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.ProgressKind;
import io.inkstream.schemas.TrainingProgress;
import io.inkstream.schemas.TrainingState;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;

/** Follows, in a thread of its own, what trainers say while the broker comes and goes: when each corpus was trained. */
public final class TrainingWatch implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);

    private final String models;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Deserializer<SpecificRecord> values;
    private final Map<String, ConcurrentSkipListMap<Long, TrainingProgress>> progress = new ConcurrentHashMap<>();
    private final Map<String, CheckpointManifest> newest = new ConcurrentHashMap<>();
    private final Map<String, List<Integer>> epochs = new ConcurrentHashMap<>();
    private final Thread thread = new Thread(this::follow, "training-watch");

    /** Begins to follow the topics, which exist, from their start. */
    public TrainingWatch(Connection connection, TopicNames topics) {
        this.models = topics.of(Topic.MODELS);
        this.values = RecordSerdes.deserializer(connection, SpecificRecord.class);
        this.consumer = new KafkaConsumer<>(
                CommittedReads.properties(connection), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = Stream.of(models, topics.of(Topic.PROGRESS))
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        thread.setDaemon(true);
        thread.start();
    }

    /** The newest manifest of a corpus that was committed. */
    public Optional<CheckpointManifest> newest(String corpus) {
        return Optional.ofNullable(newest.get(corpus));
    }

    /** How many tokens each completed epoch of a corpus covered, in order. */
    public List<Integer> epochs(String corpus) {
        return List.copyOf(epochs.getOrDefault(corpus, List.of()));
    }

    /** The corpora that were in training in the last two seconds before a moment (milliseconds since 1970). */
    public List<String> trainedBefore(long moment) {
        return progress.entrySet().stream()
                .filter(corpus -> {
                    Map.Entry<Long, TrainingProgress> last = corpus.getValue().floorEntry(moment);
                    return last != null
                            && last.getValue().getState() == TrainingState.TRAINING
                            && moment - last.getKey() < 2_000;
                })
                .map(Map.Entry::getKey)
                .toList();
    }

    /** When a corpus was in training for the first time after a moment, or done; empty if it was not since. */
    public OptionalLong trainedAfter(String corpus, long moment) {
        return after(corpus, moment)
                .filter(said -> said.getValue().getState() == TrainingState.TRAINING
                        || said.getValue().getState() == TrainingState.DONE)
                .mapToLong(Map.Entry::getKey)
                .findFirst();
    }

    /** When a corpus had taken more than so many optimizer steps, for the first time after a moment. */
    public OptionalLong steppedAfter(String corpus, long moment, long steps) {
        return after(corpus, moment)
                .filter(said -> said.getValue().getStep() > steps)
                .mapToLong(Map.Entry::getKey)
                .findFirst();
    }

    @Override
    public void close() {
        consumer.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Stream<Map.Entry<Long, TrainingProgress>> after(String corpus, long moment) {
        return progress.getOrDefault(corpus, new ConcurrentSkipListMap<>()).tailMap(moment, false).entrySet().stream();
    }

    private void follow() {
        try (consumer;
                values) {
            while (true) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    take(record);
                }
            }
        } catch (WakeupException closed) {
            // by the thread that has seen enough
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        String corpus = new String(record.key(), StandardCharsets.UTF_8);
        SpecificRecord value = value(record);
        if (value instanceof CheckpointManifest manifest) {
            newest.put(corpus, manifest);
        } else if (value instanceof TrainingProgress said) {
            progress.computeIfAbsent(corpus, name -> new ConcurrentSkipListMap<>())
                    .put(said.getAt().toEpochMilli(), said);
            if (said.getKind() == ProgressKind.EPOCH) {
                epochs.computeIfAbsent(corpus, name -> new CopyOnWriteArrayList<>())
                        .add(Math.toIntExact(said.getEpochTokens()));
            }
        }
    }

    private SpecificRecord value(ConsumerRecord<byte[], byte[]> record) {
        while (true) {
            try {
                return values.deserialize(record.topic(), record.value());
            } catch (RetriableException registryIsAway) {
                Thread.onSpinWait(); // the deserializer itself waits between its attempts
            }
        }
    }
}
