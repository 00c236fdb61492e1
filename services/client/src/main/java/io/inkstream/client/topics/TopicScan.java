package io.inkstream.client.topics;

import io.inkstream.corpuslog.topics.CorpusPartition;
import io.inkstream.corpuslog.topics.HomeRecords;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.cluster.Cluster;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.consumers.BoundedRead;
import io.inkstream.platform.consumers.CommittedReads;
import io.inkstream.platform.lifecycle.Closing;
import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.platform.registry.RegistryException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a topic that is keyed by corpus up to its present end: committed records in the partition of their corpus only. A topic that
 * does not exist holds nothing. A record that cannot be read as such a value is skipped, as a service has made a dead letter of
 * it. Used by one thread.
 *
 * @param <V> the class of the values
 */
public final class TopicScan<V extends SpecificRecord> implements AutoCloseable {

    private static final long FIRST_WINDOW = 64;
    private static final long RECENT = 500;

    private final Connection connection;
    private final String topic;
    private final Deserializer<V> values;
    private final KafkaConsumer<String, byte[]> consumer;
    private HomeRecords home = HomeRecords.byCorpus(1);
    private @Nullable InkstreamException unknownSchema;

    /**
     * One record.
     *
     * @param partition its partition
     * @param offset its offset
     * @param key its key, usually the corpus
     * @param value its value
     * @param <V> the class of the value
     */
    public record Entry<V>(int partition, long offset, String key, V value) {}

    /** A scan of a topic, to which anybody may have written. */
    public TopicScan(Connection connection, String topic, Class<V> type) {
        this.connection = connection;
        this.topic = topic;
        this.values = RecordSerdes.deserializer(connection, type);
        this.consumer = consumer(CommittedReads.bounded(connection));
    }

    /** A consumer without a group that reads committed records of partitions that it is given. */
    public static KafkaConsumer<String, byte[]> consumer(Connection connection) {
        return consumer(CommittedReads.properties(connection));
    }

    private static KafkaConsumer<String, byte[]> consumer(Map<String, Object> properties) {
        properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000);
        return new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
    }

    /** All records, partition by partition in order; tombstones are left out. */
    public List<Entry<V>> all() {
        List<Entry<V>> entries = new ArrayList<>();
        List<TopicPartition> partitions = partitions();
        read(consumer.beginningOffsets(partitions), ends(partitions), record -> {
            if (record.value() != null) {
                decoded(record).ifPresent(value -> entries.add(entry(record, value)));
            }
        });
        requireOurRegistry(entries.isEmpty());
        return entries;
    }

    /**
     * The values of one corpus that are wanted, in order. Only its partition is read, and nothing else of it kept: it may be
     * long.
     */
    public List<V> of(String corpus, Predicate<V> wanted) {
        List<TopicPartition> all = partitions();
        if (all.isEmpty()) {
            return List.of();
        }
        List<TopicPartition> home = List.of(all.get(new CorpusPartition(all.size()).of(corpus)));
        List<V> found = new ArrayList<>();
        read(consumer.beginningOffsets(home), ends(home), record -> {
            if (corpus.equals(record.key()) && record.value() != null) {
                decoded(record).filter(wanted).ifPresent(found::add);
            }
        });
        requireOurRegistry(found.isEmpty());
        return found;
    }

    /** The last record of each key, in order of key: what a compacted topic means. A key whose last record is a tombstone is left out. */
    public Map<String, Entry<V>> latest() {
        List<TopicPartition> partitions = partitions();
        Map<String, Entry<V>> latest = new TreeMap<>();
        read(consumer.beginningOffsets(partitions), ends(partitions), record -> keep(record, latest));
        requireOurRegistry(latest.isEmpty());
        return latest;
    }

    /**
     * The last record of each of these corpora, read from the end of their partitions backwards, so that it is found fast in a
     * long topic.
     */
    public Map<String, Entry<V>> latestOf(Collection<String> corpora) {
        List<TopicPartition> all = partitions();
        Map<String, Entry<V>> latest = new TreeMap<>();
        if (all.isEmpty()) {
            return Map.of();
        }
        CorpusPartition home = new CorpusPartition(all.size());
        for (TopicPartition partition : all) {
            Set<String> wanted = new HashSet<>(corpora);
            wanted.removeIf(corpus -> home.of(corpus) != partition.partition());
            if (!wanted.isEmpty()) {
                latest.putAll(readBackwards(partition, wanted));
            }
        }
        requireOurRegistry(latest.isEmpty());
        return latest;
    }

    /** The keys of the last few hundred records of each partition. */
    public Set<String> recentKeys() {
        List<TopicPartition> partitions = partitions();
        Map<TopicPartition, Long> ends = ends(partitions);
        Map<TopicPartition, Long> from = new HashMap<>(consumer.beginningOffsets(partitions));
        from.replaceAll((partition, begin) -> Math.max(begin, ends.getOrDefault(partition, begin) - RECENT));
        Set<String> keys = new HashSet<>();
        read(from, ends, record -> {
            if (record.key() != null) {
                keys.add(record.key());
            }
        });
        return keys;
    }

    @Override
    public void close() {
        Closing.quietly(() -> consumer.close(CloseOptions.timeout(Closing.TIMEOUT)));
        values.close();
    }

    private Map<String, Entry<V>> readBackwards(TopicPartition partition, Set<String> wanted) {
        Map<String, Entry<V>> found = new TreeMap<>();
        long begin = consumer.beginningOffsets(List.of(partition)).getOrDefault(partition, 0L);
        long upper = ends(List.of(partition)).getOrDefault(partition, begin);
        // Windows that grow: nearly always the first one has it.
        for (long window = FIRST_WINDOW; upper > begin && !found.keySet().containsAll(wanted); window *= 8) {
            long lower = Math.max(begin, upper - window);
            Map<String, Entry<V>> inWindow = new TreeMap<>();
            read(Map.of(partition, lower), Map.of(partition, upper), record -> {
                if (wanted.contains(record.key()) && record.value() != null) {
                    decoded(record).ifPresent(value -> inWindow.put(record.key(), entry(record, value)));
                }
            });
            inWindow.forEach(found::putIfAbsent);
            upper = lower;
        }
        return found;
    }

    private List<TopicPartition> partitions() {
        List<TopicPartition> partitions = partitions(connection, consumer, topic);
        home = HomeRecords.byCorpus(Math.max(1, partitions.size()));
        return partitions;
    }

    /**
     * The partitions of a topic, in order; none where there is no such topic, which holds nothing.
     *
     * @throws InkstreamException if the brokers cannot be reached
     */
    public static List<TopicPartition> partitions(Connection connection, KafkaConsumer<?, ?> consumer, String topic) {
        List<PartitionInfo> infos;
        try {
            infos = consumer.partitionsFor(topic);
        } catch (UnknownTopicOrPartitionException e) {
            return List.of();
        } catch (org.apache.kafka.common.errors.TimeoutException e) {
            throw Cluster.unreachable(connection, e);
        }
        return infos == null
                ? List.of()
                : infos.stream()
                        .map(info -> new TopicPartition(topic, info.partition()))
                        .sorted((one, other) -> Integer.compare(one.partition(), other.partition()))
                        .toList();
    }

    private Map<TopicPartition, Long> ends(List<TopicPartition> partitions) {
        return consumer.endOffsets(partitions);
    }

    private void read(
            Map<TopicPartition, Long> from,
            Map<TopicPartition, Long> to,
            Consumer<ConsumerRecord<String, byte[]>> each) {
        BoundedRead.IN_COMMAND.read(consumer, from, to, record -> {
            if (home.acceptsText(record)) {
                each.accept(record);
            }
        });
    }

    private void keep(ConsumerRecord<String, byte[]> record, Map<String, Entry<V>> latest) {
        if (record.key() == null) {
            return;
        }
        if (record.value() == null) {
            latest.remove(record.key());
        } else {
            decoded(record).ifPresent(value -> latest.put(record.key(), entry(record, value)));
        }
    }

    private static <V> Entry<V> entry(ConsumerRecord<String, byte[]> record, V value) {
        return new Entry<>(record.partition(), record.offset(), record.key(), value);
    }

    private Optional<V> decoded(ConsumerRecord<String, byte[]> record) {
        try {
            return Optional.of(values.deserialize(record.topic(), record.headers(), record.value()));
        } catch (SerializationException e) {
            if (e.getCause() instanceof RegistryException) {
                unknownSchema = unreadable(record, e);
            }
            return Optional.empty();
        } catch (RuntimeException e) {
            throw unreadable(record, e);
        }
    }

    /** If no record could be read, and a schema is unknown, the registry is probably not the one of this cluster. */
    private void requireOurRegistry(boolean nothing) {
        if (nothing && unknownSchema != null) {
            throw unknownSchema;
        }
    }

    public static <V> V value(Deserializer<V> values, ConsumerRecord<?, byte[]> record) {
        try {
            return values.deserialize(record.topic(), record.headers(), record.value());
        } catch (RuntimeException e) {
            throw unreadable(record, e);
        }
    }

    /** The same; empty where the record holds no such value, unless it is its schema that the registry does not know. */
    public static <V> Optional<V> valueIfAny(Deserializer<V> values, ConsumerRecord<?, byte[]> record) {
        try {
            return Optional.of(values.deserialize(record.topic(), record.headers(), record.value()));
        } catch (SerializationException e) {
            if (e.getCause() instanceof RegistryException) {
                throw unreadable(record, e);
            }
            return Optional.empty();
        } catch (RuntimeException e) {
            throw unreadable(record, e);
        }
    }

    private static InkstreamException unreadable(ConsumerRecord<?, byte[]> record, RuntimeException e) {
        if (e instanceof InkstreamException known) {
            return known;
        }
        return new InkstreamException(
                "The record at offset %d of partition %d of %s cannot be read (%s): is --schema-registry the one that it was written with?"
                        .formatted(record.offset(), record.partition(), record.topic(), e.getMessage()),
                e);
    }
}
