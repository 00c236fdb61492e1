package io.inkstream.ingest;

import io.inkstream.corpuslog.deadletters.DeadLetter;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.ingest.positions.PolledOffsets;
import io.inkstream.platform.config.Connection;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/**
 * The configuration of Kafka Streams: defaults that a user's Kafka properties may override, and settings on which the
 * guarantees depend, which they may not.
 */
final class StreamsProperties {

    /** Keys that user properties must not set, with or without one of the prefixes of Kafka Streams. */
    private static final Set<String> RESERVED = Set.of(
            StreamsConfig.APPLICATION_ID_CONFIG,
            StreamsConfig.PROCESSING_GUARANTEE_CONFIG,
            StreamsConfig.STATE_DIR_CONFIG,
            StreamsConfig.MAX_TASK_IDLE_MS_CONFIG,
            StreamsConfig.NUM_STREAM_THREADS_CONFIG,
            StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG,
            StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG,
            StreamsConfig.PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG,
            StreamsConfig.ERRORS_DEAD_LETTER_QUEUE_TOPIC_NAME_CONFIG,
            ConsumerConfig.GROUP_ID_CONFIG,
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
            ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
            ProducerConfig.TRANSACTIONAL_ID_CONFIG,
            ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
            ProducerConfig.ACKS_CONFIG,
            ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
            ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
            ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG);

    private static final String INTERCEPTORS =
            StreamsConfig.mainConsumerPrefix(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG);

    private static final Pattern PREFIX =
            Pattern.compile("^(main\\.consumer\\.|restore\\.consumer\\.|global\\.consumer\\.|consumer\\.|producer\\.)");

    private StreamsProperties() {}

    /**
     * The configuration.
     *
     * @param stateFolder for the lock and the process id of Kafka Streams; the state itself is in memory
     */
    static Properties of(
            Connection connection, TopicNames topics, IngestSettings settings, Path stateFolder, PolledOffsets polled) {
        Map<String, Object> all = new HashMap<>(defaults());
        all.putAll(connection.clientProperties());
        all.keySet().removeIf(name -> RESERVED.contains(PREFIX.matcher(name).replaceFirst("")));
        all.putAll(guarantees(topics, stateFolder));
        all.put(INTERCEPTORS, interceptors(all));
        all.put(StreamsConfig.MAIN_CONSUMER_PREFIX + PolledOffsets.CONFIG, polled);
        all.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.threads());
        // Each thread is a member: Kafka Streams appends its number.
        connection.instance().ifPresent(name -> all.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, name));
        Properties properties = new Properties();
        properties.putAll(all);
        return properties;
    }

    /** The user's interceptors, then ours. */
    private static String interceptors(Map<String, Object> all) {
        String ours = PolledOffsets.Interceptor.class.getName();
        return Stream.of(
                        INTERCEPTORS,
                        StreamsConfig.consumerPrefix(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG),
                        ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG)
                .map(all::get)
                .filter(Objects::nonNull)
                .findFirst()
                .map(users -> users + "," + ours)
                .orElse(ours);
    }

    private static Map<String, Object> defaults() {
        return Map.of(
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                100,
                // Short, so that after a hard kill the partitions of the dead member are free, and its transaction is
                // aborted, soon.
                ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                10_000,
                ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
                3_000,
                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                10_000,
                // Text records may have a megabyte each: the default of a thousand would not fit into the heap.
                StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG,
                100,
                // Several blocks per batch.
                ProducerConfig.BATCH_SIZE_CONFIG,
                256 * 1024);
    }

    private static Map<String, Object> guarantees(TopicNames topics, Path stateFolder) {
        return Map.of(
                StreamsConfig.APPLICATION_ID_CONFIG,
                topics.group("ingest"),
                StreamsConfig.PROCESSING_GUARANTEE_CONFIG,
                StreamsConfig.EXACTLY_ONCE_V2,
                StreamsConfig.STATE_DIR_CONFIG,
                stateFolder.toString(),
                StreamsConfig.MAX_TASK_IDLE_MS_CONFIG,
                0L,
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                DeadLetter.LARGEST_BYTES);
    }
}
