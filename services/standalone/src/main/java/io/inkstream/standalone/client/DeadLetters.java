package io.inkstream.standalone.client;

import io.inkstream.platform.config.Connection;
import io.inkstream.platform.topics.Topic;
import io.inkstream.platform.topics.TopicNames;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** What could not be taken in, and why. */
public final class DeadLetters {

    private static final Duration POLL = Duration.ofMillis(200);

    private DeadLetters() {}

    /** The reasons given on the dead letters of a topic's partition, in order; a reason stands once for each record. */
    public static List<String> reasons(Connection connection, TopicNames topics, TextReceipt text) {
        List<String> reasons = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer = TopicScan.consumer(connection)) {
            List<PartitionInfo> infos = consumer.partitionsFor(topics.of(Topic.DEAD_LETTERS));
            List<TopicPartition> partitions = infos.stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                    if (isFrom(record.headers(), text)) {
                        reasons.add(text(record.headers(), "__streams.errors.message"));
                    }
                }
            }
        }
        return reasons;
    }

    private static boolean isFrom(Headers headers, TextReceipt text) {
        return text(headers, "__streams.errors.topic").equals(text.topic())
                && text(headers, "__streams.errors.partition").equals(Integer.toString(text.partition()));
    }

    private static String text(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null || header.value() == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }
}
