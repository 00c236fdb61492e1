package io.inkstream.systemtests.clients;

import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.schemas.TokenBlock;
import io.inkstream.testsupport.TestTopics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.awaitility.Awaitility;

/**
 * The committed tokens of a corpus as text.
 *
 * @param connection how to reach the topics
 * @param topics their names
 * @param corpus its name
 */
record TokenText(Connection connection, TopicNames topics, String corpus) {

    /** What there is at this moment; fails on a gap in positions or ids. */
    String now() {
        List<String> entries = new ArrayList<>(List.of("<unk>"));
        StringBuilder text = new StringBuilder();
        long position = 0;
        try (Deserializer<TokenBlock> blocks = RecordSerdes.deserializer(connection, TokenBlock.class)) {
            for (ConsumerRecord<byte[], byte[]> record :
                    TestTopics.all(connection, topics.of(Topic.TOKENS), "read_committed")) {
                if (!corpus.equals(new String(record.key(), StandardCharsets.UTF_8))) {
                    continue;
                }
                TokenBlock block = blocks.deserialize(record.topic(), record.value());
                if (block.getFirstPosition() != position || block.getFirstNewId() != entries.size()) {
                    throw new AssertionError(
                            "A block at position %d with first new id %d came after %d tokens and %d entries"
                                    .formatted(
                                            block.getFirstPosition(), block.getFirstNewId(), position, entries.size()));
                }
                entries.addAll(block.getNewEntries());
                block.getTokens().forEach(id -> text.append(entries.get(id)));
                position += block.getTokens().size();
            }
        }
        return text.toString();
    }

    /** Waits until there is at least as much text, and returns it. */
    String await(int characters) {
        return Awaitility.await("tokens of " + corpus)
                .atMost(ClientsPipeline.TIMEOUT)
                .pollInterval(Duration.ofMillis(300))
                .until(this::now, text -> text.length() >= characters);
    }
}
