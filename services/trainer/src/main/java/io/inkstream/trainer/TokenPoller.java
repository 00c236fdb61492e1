package io.inkstream.trainer;

import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.consumers.ConsumerFactory;
import io.inkstream.platform.lifecycle.Threads;
import io.inkstream.platform.observability.PartitionProgress;
import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.platform.registry.RegistryContact;
import io.inkstream.schemas.TokenBlock;
import io.inkstream.trainer.training.TrainingLoop;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The polling thread: a member of the trainers' consumer group. What it polls goes to {@link AssignedTokens}, what the group
 * assigns and revokes to the {@link PartitionHandover}. It never waits for training, except to release a partition.
 */
final class TokenPoller implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(TokenPoller.class);
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(200);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

    private final Connection connection;
    private final TopicNames topics;
    private final TrainingLoop training;
    private final RegistryContact registry = new RegistryContact();
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread thread = new Thread(this::run, "token-poller");
    private volatile boolean closing;
    private volatile boolean assigned;
    private volatile Map<TopicPartition, PartitionProgress> progress = Map.of();
    private volatile @Nullable Throwable failure;

    /** A poller that is not started yet; its partitions are handed over to the training loop. */
    TokenPoller(Connection connection, ConsumerFactory consumers, TopicNames topics, TrainingLoop training) {
        this.connection = connection;
        this.topics = topics;
        this.training = training;
        this.consumer = consumers.openMember(
                topics.group("trainer") + "-tokens",
                topics.group("trainer"),
                properties -> properties.putIfAbsent(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 16 * 1024 * 1024));
    }

    /** Joins the group. */
    void start() {
        thread.start();
    }

    /** Whether the registry answers when a token block asks for its schema. */
    RegistryContact registry() {
        return registry;
    }

    /** True once the group has assigned this member its partitions, if any. */
    boolean assigned() {
        return assigned;
    }

    /** How far the partitions of this member are read. */
    Map<TopicPartition, PartitionProgress> progress() {
        return progress;
    }

    /** What ended the thread, if it failed. */
    Optional<Throwable> failure() {
        return Optional.ofNullable(failure);
    }

    /** Leaves the group: what was trained is committed first. Waits until that is done. */
    @Override
    public void close() {
        closing = true;
        consumer.wakeup();
        Threads.join(thread, CLOSE_TIMEOUT);
    }

    private void run() {
        try (consumer;
                Deserializer<TokenBlock> blocks = RecordSerdes.deserializer(connection, TokenBlock.class, registry)) {
            AssignedTokens tokens = new AssignedTokens(blocks, () -> closing);
            PartitionHandover handover = new PartitionHandover(consumer, topics, tokens, training);
            consumer.subscribe(List.of(topics.of(Topic.TOKENS)), handover);
            while (!closing) {
                poll(tokens, handover);
            }
        } catch (WakeupException e) {
            if (!closing) {
                failure = e;
            }
        } catch (RuntimeException | Error e) {
            failure = e;
            log.atError().setCause(e).log("Polling thread failed");
        }
    }

    private void poll(AssignedTokens tokens, PartitionHandover handover) {
        handover.complete();
        boolean read = tokens.read(consumer.poll(POLL_TIMEOUT));
        assigned = handover.completed();
        if (closing) {
            return; // a record may have been left unread, as the registry is away: the position must not move past it
        }
        training.inGeneration(consumer.groupMetadata());
        boolean wasBehind = !tokens.caughtUp();
        tokens.updatePositions(consumer);
        progress = tokens.progress();
        if (read || wasBehind) {
            training.wakeUp();
        }
    }
}
