package io.inkstream.corpuslog.deadletters;

import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.platform.config.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The offsets below which the rejected records of a partition are dead letters.
 *
 * <p>They travel as the metadata of the group's offset for the tokens: committed with the dead letters themselves, in one
 * transaction. That offset itself will not do, as it stands at the first block that is not trained on, which may be long
 * before a rejected one. Nor will an offset of the models topic: the group does not subscribe to it, so the brokers would
 * forget it after a week without a commit.
 *
 * @param tokens offset in the tokens partition
 * @param models offset in the models partition of the same number
 */
public record DeadLetterPositions(long tokens, long models) {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration RETRY_PAUSE = Duration.ofMillis(50);
    private static final Pattern METADATA = Pattern.compile("dead-letters-to tokens=(\\d{1,18}) models=(\\d{1,18})");

    /** What is committed with the group's offset, if one is committed. */
    private static DeadLetterPositions of(@Nullable OffsetAndMetadata committed) {
        if (committed == null) {
            return new DeadLetterPositions(0, 0);
        }
        Matcher metadata = METADATA.matcher(committed.metadata());
        return metadata.matches()
                ? new DeadLetterPositions(Long.parseLong(metadata.group(1)), Long.parseLong(metadata.group(2)))
                : new DeadLetterPositions(committed.offset(), 0); // committed by an earlier version, without metadata
    }

    /**
     * Asks the brokers, once no open transaction can change the answer.
     *
     * @throws KafkaException if they are unavailable, or such a transaction takes long; try again
     */
    public static DeadLetterPositions committed(Connection connection, TopicNames topics, int partition) {
        TopicPartition tokens = new TopicPartition(topics.of(Topic.TOKENS), partition);
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        try (Admin admin = Admin.create(connection.clientProperties())) {
            while (System.nanoTime() < deadline) {
                Map<TopicPartition, OffsetAndMetadata> offsets = stable(admin, topics.group("trainer"), tokens);
                // A partition without an offset is there with null; while a transaction changes it, Kafka leaves it
                // out.
                if (offsets.containsKey(tokens)) {
                    return of(offsets.get(tokens));
                }
                Thread.sleep(RETRY_PAUSE.toMillis());
            }
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
        }
        throw new TimeoutException(
                "The offset of %s is held by a transaction for more than %d s".formatted(tokens, TIMEOUT.toSeconds()));
    }

    private static Map<TopicPartition, OffsetAndMetadata> stable(Admin admin, String group, TopicPartition partition)
            throws ExecutionException, InterruptedException {
        return admin.listConsumerGroupOffsets(
                        Map.of(group, new ListConsumerGroupOffsetsSpec().topicPartitions(List.of(partition))),
                        new ListConsumerGroupOffsetsOptions().requireStable(true))
                .partitionsToOffsetAndMetadata(group)
                .get();
    }

    /** The group's offset for the tokens, with these positions. */
    public OffsetAndMetadata with(long offset) {
        return new OffsetAndMetadata(offset, "dead-letters-to tokens=%d models=%d".formatted(tokens, models));
    }
}
