package io.inkstream.trainer.deadletters;

import io.inkstream.platform.config.Connection;
import io.inkstream.platform.topics.Topic;
import io.inkstream.platform.topics.TopicNames;
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

/**
 * Up to where the records of a partition that cannot be read are dead letters.
 *
 * <p>They travel as the metadata of the group's offset for the tokens: committed with the dead letters themselves, in one
 * transaction. That offset itself will not do, as it stands at the first block that is not trained on, which may be long
 * before a refused one. Nor will an offset of the models topic: the group does not subscribe to it, so the brokers would
 * forget it after a week without a commit.
 *
 * @param tokens offset in the tokens partition
 * @param models offset in the models partition of the same number
 */
public record DeadLetterPositions(long tokens, long models) {

    private static final Pattern METADATA = Pattern.compile("dead-letters-to tokens=(\\d{1,18}) models=(\\d{1,18})");

    /** What is committed with the group's offset; null: nothing is. */
    public static DeadLetterPositions of(OffsetAndMetadata committed) {
        if (committed == null) {
            return new DeadLetterPositions(0, 0);
        }
        Matcher metadata = METADATA.matcher(committed.metadata());
        return metadata.matches()
                ? new DeadLetterPositions(Long.parseLong(metadata.group(1)), Long.parseLong(metadata.group(2)))
                : new DeadLetterPositions(committed.offset(), 0); // as it was committed before there was metadata
    }

    /**
     * Asks the brokers, who answer when no transaction is under way that might change it.
     *
     * @throws KafkaException if they do not answer; try again
     */
    public static DeadLetterPositions committed(Connection connection, TopicNames topics, int partition) {
        TopicPartition tokens = new TopicPartition(topics.of(Topic.TOKENS), partition);
        String group = topics.group("trainer");
        try (Admin admin = Admin.create(connection.clientProperties())) {
            Map<TopicPartition, OffsetAndMetadata> offsets = admin.listConsumerGroupOffsets(
                            Map.of(group, new ListConsumerGroupOffsetsSpec().topicPartitions(List.of(tokens))),
                            new ListConsumerGroupOffsetsOptions().requireStable(true))
                    .partitionsToOffsetAndMetadata(group)
                    .get();
            return of(offsets.get(tokens));
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
        }
    }

    /** The group's offset for the tokens, with these positions. */
    public OffsetAndMetadata with(long offset) {
        return new OffsetAndMetadata(offset, "dead-letters-to tokens=%d models=%d".formatted(tokens, models));
    }
}
