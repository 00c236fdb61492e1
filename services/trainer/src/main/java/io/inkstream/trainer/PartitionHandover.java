package io.inkstream.trainer;

import io.inkstream.corpuslog.deadletters.RejectedRecords;
import io.inkstream.corpuslog.tokens.PartitionTokens;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.trainer.training.TrainingLoop;
import java.time.Duration;
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
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands partitions over to the training loop when the group assigns them, and waits for their release when it revokes them.
 * Used by the polling thread only.
 *
 * <pre>
 *   assigned ──▶ paused ── {@link #complete}: where it begins and ends is known ──▶ read and trained ──▶ revoked or lost
 * </pre>
 */
final class PartitionHandover implements ConsumerRebalanceListener {

    private static final Logger log = LoggerFactory.getLogger(PartitionHandover.class);
    private static final Duration RELEASE_TIMEOUT = Duration.ofSeconds(30);

    private final Consumer<byte[], byte[]> consumer;
    private final TopicNames topics;
    private final AssignedTokens tokens;
    private final TrainingLoop training;

    /** Assigned, and not handed over yet. */
    private final Set<TopicPartition> arriving = new HashSet<>();

    private boolean completed;

    PartitionHandover(
            Consumer<byte[], byte[]> consumer, TopicNames topics, AssignedTokens tokens, TrainingLoop training) {
        this.consumer = consumer;
        this.topics = topics;
        this.tokens = tokens;
        this.training = training;
    }

    /** True once an assignment, of no partitions perhaps, was handed over. */
    boolean completed() {
        return completed;
    }

    /** Hands over what was assigned. Where its partitions begin and end has to be known, which an outage may delay. */
    void complete() {
        if (arriving.isEmpty()) {
            return;
        }
        Map<TopicPartition, PartitionTokens> added = new HashMap<>();
        try {
            int topicPartitions =
                    consumer.partitionsFor(topics.of(Topic.TOKENS)).size();
            consumer.endOffsets(arriving).forEach((partition, end) -> added.put(partition, unread(partition, end)));
            tokens.add(added, topicPartitions);
        } catch (RetriableException e) {
            log.atWarn().addKeyValue("error", e.getMessage()).log("Retrying: Kafka is unavailable");
            return;
        }
        consumer.resume(arriving);
        training.inGeneration(consumer.groupMetadata());
        training.assign(List.copyOf(added.values()));
        completed = true;
        log.atInfo().addKeyValue("partitions", numbers(arriving)).log("Partitions assigned");
        arriving.clear();
    }

    private PartitionTokens unread(TopicPartition partition, long end) {
        // Which of its records are dead letters already is not known before earlier owners are fenced.
        RejectedRecords rejected = new RejectedRecords(topics.of(Topic.DEAD_LETTERS), 0);
        return new PartitionTokens(partition.partition(), rejected, end);
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> added) {
        training.inGeneration(consumer.groupMetadata());
        if (added.isEmpty()) { // to seek in no partition is, to Kafka, to seek in all that are assigned
            completed = true;
            return;
        }
        consumer.seekToBeginning(added);
        consumer.pause(added); // until they are handed over
        arriving.addAll(added);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> removed) {
        // The group has moved on, also for the partitions that are kept: a commit in its former generation would fail.
        training.inGeneration(consumer.groupMetadata());
        if (!removed.isEmpty()) {
            await(training.revoke(numbers(removed)));
            forget(removed);
            log.atInfo().addKeyValue("partitions", numbers(removed)).log("Partitions revoked");
        }
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> lost) {
        await(training.lose(numbers(lost)));
        forget(lost);
        log.atWarn().addKeyValue("partitions", numbers(lost)).log("Partitions lost to another trainer");
    }

    private void forget(Collection<TopicPartition> gone) {
        tokens.remove(gone);
        arriving.removeAll(Set.copyOf(gone));
    }

    private static void await(CompletableFuture<Void> release) {
        try {
            release.get(RELEASE_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            log.atWarn()
                    .addKeyValue("timeout", RELEASE_TIMEOUT)
                    .log("Partitions could not be released in time; the next owner fences this one");
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            log.atWarn()
                    .addKeyValue("error", String.valueOf(e.getCause()))
                    .log("Releasing partitions failed; the next owner fences this one");
        }
    }

    private static List<Integer> numbers(Collection<TopicPartition> some) {
        return some.stream().map(TopicPartition::partition).sorted().toList();
    }
}
