package io.inkstream.trainer;

import io.inkstream.corpuslog.deadletters.RejectedRecords;
import io.inkstream.corpuslog.tokens.PartitionTokens;
import io.inkstream.corpuslog.topics.HomeRecords;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.consumers.CommittedReads;
import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.platform.registry.RegistryContact;
import io.inkstream.schemas.TokenBlock;
import io.inkstream.trainer.training.TrainingLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The polling thread: a member of the trainers' consumer group that reads its partitions of the tokens topic from their
 * start into {@link PartitionTokens}. It never waits for training, except to let a partition go.
 */
final class TokenReader {

    private static final Logger log = LoggerFactory.getLogger(TokenReader.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration POSITION_PATIENCE = Duration.ofSeconds(2);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration RELEASE_PATIENCE = Duration.ofSeconds(30);

    private final Connection connection;
    private final TopicNames topics;
    private final TrainingLoop training;
    private final RegistryContact registry = new RegistryContact();
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, PartitionTokens> partitions = new HashMap<>();
    /** Assigned, and not handed over yet. */
    private final Set<TopicPartition> arriving = new HashSet<>();

    /** Known when the first partition is handed over. */
    private HomeRecords home;

    private final Thread thread = new Thread(this::run, "tokens-reader");
    private volatile boolean closing;
    private volatile boolean assigned;
    private volatile Throwable failure;

    /** A reader that is not started yet; its partitions are handed to the training loop. */
    TokenReader(Connection connection, TopicNames topics, TrainingLoop training) {
        this.connection = connection;
        this.topics = topics;
        this.training = training;
        Map<String, Object> properties = CommittedReads.properties(connection);
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, topics.group("trainer"));
        connection.instance().ifPresent(name -> properties.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, name));
        properties.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        properties.putIfAbsent(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
        properties.putIfAbsent(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 2_000);
        properties.putIfAbsent(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 16 * 1024 * 1024);
        this.consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Joins the group. */
    void start() {
        thread.start();
    }

    /** For metrics. */
    KafkaConsumer<byte[], byte[]> consumer() {
        return consumer;
    }

    /** Whether the registry answers when a token block asks for its schema. */
    RegistryContact registry() {
        return registry;
    }

    /** True when the group has given this member its partitions, be it none. */
    boolean assigned() {
        return assigned;
    }

    /** What ended the reader, or null. */
    Throwable failure() {
        return failure;
    }

    /** Leaves the group: what was trained is committed first. Waits until that is done. */
    void close() {
        closing = true;
        consumer.wakeup();
        try {
            thread.join(RELEASE_PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try (consumer;
                Deserializer<TokenBlock> deserializer = RecordSerdes.reader(connection, TokenBlock.class, registry)) {
            consumer.subscribe(List.of(topics.of(Topic.TOKENS)), new Handover());
            while (!closing) {
                poll(deserializer);
            }
        } catch (WakeupException e) {
            if (!closing) {
                failure = e;
            }
        } catch (RuntimeException | Error e) {
            failure = e;
            log.atError().setCause(e).log("Reading tokens ended");
        }
    }

    private void poll(Deserializer<TokenBlock> deserializer) {
        takeArriving();
        boolean read = false;
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
            if (home.accepts(record)) {
                append(record, deserializer);
            }
            read = true;
        }
        if (closing) {
            return; // a record may have been left unread, as the registry is away: the position must not move past it
        }
        training.inGeneration(consumer.groupMetadata());
        boolean wasBehind = partitions.values().stream().anyMatch(tokens -> !tokens.caughtUp());
        moveOn();
        if (read || wasBehind) {
            training.wakeUp();
        }
    }

    private void moveOn() {
        try {
            partitions.forEach((partition, tokens) -> tokens.moveTo(consumer.position(partition, POSITION_PATIENCE)));
        } catch (RetriableException e) {
            log.atDebug().setCause(e).log("Where a partition begins is not known yet, as Kafka does not answer");
        }
    }

    private void append(ConsumerRecord<byte[], byte[]> record, Deserializer<TokenBlock> deserializer) {
        PartitionTokens tokens = partitions.get(new TopicPartition(record.topic(), record.partition()));
        while (!closing) {
            try {
                tokens.append(record, deserializer);
                return;
            } catch (RetriableException e) {
                log.atWarn().addKeyValue("reason", e.getMessage()).log("The registry does not answer; trying again");
                pause();
            }
        }
    }

    /** Asks where the newly assigned partitions begin and end, which an outage may put off, and hands them over. */
    private void takeArriving() {
        if (arriving.isEmpty()) {
            return;
        }
        List<PartitionTokens> taken = new ArrayList<>();
        try {
            if (home == null) {
                home = HomeRecords.byCorpus(
                        consumer.partitionsFor(topics.of(Topic.TOKENS)).size());
            }
            Map<TopicPartition, Long> ends = consumer.endOffsets(arriving);
            for (TopicPartition partition : arriving) {
                // Which of them are dead letters already is not known before earlier owners are fenced.
                RejectedRecords refused = new RejectedRecords(topics.of(Topic.DEAD_LETTERS), 0);
                taken.add(new PartitionTokens(partition.partition(), refused, ends.get(partition)));
            }
        } catch (RetriableException e) {
            log.atWarn().addKeyValue("reason", e.getMessage()).log("Kafka does not answer; trying again");
            return;
        }
        taken.forEach(
                tokens -> partitions.put(new TopicPartition(topics.of(Topic.TOKENS), tokens.partition()), tokens));
        consumer.resume(arriving);
        training.inGeneration(consumer.groupMetadata());
        training.assign(taken);
        assigned = true;
        log.atInfo().addKeyValue("partitions", numbers(arriving)).log("Partitions taken over");
        arriving.clear();
    }

    private static List<Integer> numbers(Collection<TopicPartition> some) {
        return some.stream().map(TopicPartition::partition).sorted().toList();
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /** Hands partitions to the training loop, and back. */
    private final class Handover implements ConsumerRebalanceListener {

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> added) {
            training.inGeneration(consumer.groupMetadata());
            if (added.isEmpty()) { // to seek in no partition is, to Kafka, to seek in all that are assigned
                assigned = true;
                return;
            }
            consumer.seekToBeginning(added);
            consumer.pause(added); // until they are handed over
            arriving.addAll(added);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> removed) {
            // The group has moved on, also for what is kept: a commit in its former generation would fail.
            training.inGeneration(consumer.groupMetadata());
            if (!removed.isEmpty()) {
                await(training.revoke(numbers(removed), consumer.groupMetadata()));
                forget(removed);
                log.atInfo().addKeyValue("partitions", numbers(removed)).log("Partitions let go");
            }
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> lost) {
            await(training.lose(numbers(lost)));
            forget(lost);
            log.atWarn().addKeyValue("partitions", numbers(lost)).log("Partitions lost to another trainer");
        }

        private void forget(Collection<TopicPartition> gone) {
            gone.forEach(partitions::remove);
            gone.forEach(arriving::remove);
        }

        private void await(CompletableFuture<Void> release) {
            try {
                release.get(RELEASE_PATIENCE.toSeconds(), TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                log.atWarn().log("Partitions could not be let go in time; the next owner fences this one");
            } catch (InterruptedException e) {
                throw new InterruptException(e);
            } catch (ExecutionException e) {
                log.atWarn()
                        .addKeyValue("error", e.getCause().toString())
                        .log("Partitions could not be let go in good order; the next owner fences this one");
            }
        }
    }
}
