package io.inkstream.corpuslog.tokens;

import io.inkstream.corpuslog.deadletters.RejectedRecords;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.cluster.Cluster;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.consumers.BoundedRead;
import io.inkstream.platform.consumers.ConsumerFactory;
import io.inkstream.platform.lifecycle.Closing;
import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.schemas.TokenBlock;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.Deserializer;

/** Reads the tokens of one corpus back from their topic, as a trainer does. */
public final class TokenLog {

    private TokenLog() {}

    /**
     * Reads from the start of the partition to the last record that is wanted, or to the present end.
     *
     * @param partition of the tokens topic
     * @param lastOffset the last record that is wanted
     * @throws InkstreamException if the corpus has no tokens there, they have a gap, or the brokers do not give them
     */
    public static CorpusTokens read(
            Connection connection, TopicNames topics, String corpus, int partition, long lastOffset) {
        return read(connection, topics, corpus, partition, lastOffset, BoundedRead.IN_COMMAND);
    }

    public static CorpusTokens read(
            Connection connection,
            TopicNames topics,
            String corpus,
            int partition,
            long lastOffset,
            BoundedRead bounded) {
        TopicPartition from = new TopicPartition(topics.of(Topic.TOKENS), partition);
        PartitionTokens tokens =
                new PartitionTokens(partition, new RejectedRecords(topics.of(Topic.DEAD_LETTERS), Long.MAX_VALUE), 0);
        byte[] key = corpus.getBytes(StandardCharsets.UTF_8);
        try (Deserializer<TokenBlock> blocks = RecordSerdes.deserializer(connection, TokenBlock.class)) {
            KafkaConsumer<byte[], byte[]> consumer = ConsumerFactory.openBounded(connection);
            try {
                long end = Math.min(
                        lastOffset + 1,
                        consumer.endOffsets(List.of(from)).values().iterator().next());
                bounded.read(consumer, consumer.beginningOffsets(List.of(from)), Map.of(from, end), record -> {
                    if (Arrays.equals(record.key(), key)) {
                        tokens.append(record, blocks);
                    }
                });
            } catch (TimeoutException e) {
                throw Cluster.unreachable(connection, e);
            } finally {
                Closing.quietly(() -> consumer.close(CloseOptions.timeout(Closing.TIMEOUT)));
            }
        }
        CorpusTokens found = tokens.corpora().get(corpus);
        if (found == null) {
            throw new InkstreamException("There are no tokens of corpus '%s' in partition %d of %s any more."
                    .formatted(corpus, partition, from.topic()));
        }
        found.damage().ifPresent(damage -> {
            throw new InkstreamException("The tokens of corpus '%s' are damaged: %s.".formatted(corpus, damage));
        });
        return found;
    }
}
