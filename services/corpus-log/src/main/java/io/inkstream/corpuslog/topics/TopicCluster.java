package io.inkstream.corpuslog.topics;

import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.access.AccessFailures;
import io.inkstream.platform.cluster.ClusterFailures;
import io.inkstream.platform.config.Connection;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** The topics of a cluster, as an administrator sees them. */
final class TopicCluster implements AutoCloseable {

    private static final long POLL_MILLIS = 50;

    private final Admin admin;
    private final TopicNames names;
    private final Duration timeout;
    private final ClusterFailures failures;
    private final AccessFailures denials;

    private TopicCluster(
            Admin admin, TopicNames names, Duration timeout, ClusterFailures failures, AccessFailures denials) {
        this.admin = admin;
        this.names = names;
        this.timeout = timeout;
        this.failures = failures;
        this.denials = denials;
    }

    /**
     * Creates the client; the first request reaches Kafka.
     *
     * @param timeout how long each request waits for an answer
     * @throws InkstreamException if the addresses or the client properties are not usable
     */
    static TopicCluster connect(Connection connection, TopicNames names, Duration timeout) {
        ClusterFailures failures = new ClusterFailures(connection.bootstrapServers(), timeout);
        Map<String, Object> properties = connection.clientProperties();
        int millis = Math.toIntExact(timeout.toMillis());
        properties.put("default.api.timeout.ms", millis);
        properties.put("request.timeout.ms", Math.min(millis, 10_000));
        try {
            return new TopicCluster(
                    Admin.create(properties), names, timeout, failures, new AccessFailures(connection, List.of()));
        } catch (KafkaException e) {
            throw failures.noClient(e);
        }
    }

    /**
     * Those topics of the pipeline that exist. Of those that are not required, ones that this principal may not see are
     * left out.
     *
     * @param required whose settings are read too
     */
    Map<Topic, ExistingTopic> existing(Set<Topic> required) {
        Map<Topic, TopicDescription> descriptions = descriptions(EnumSet.allOf(Topic.class), required);
        Set<Topic> checked = EnumSet.noneOf(Topic.class);
        descriptions.keySet().stream().filter(required::contains).forEach(checked::add);
        Map<Topic, Map<String, String>> settings = settings(checked);
        Map<Topic, ExistingTopic> existing = new EnumMap<>(Topic.class);
        descriptions.forEach((topic, description) -> {
            if (settings.containsKey(topic) || !required.contains(topic)) {
                existing.put(
                        topic,
                        new ExistingTopic(description.partitions().size(), settings.getOrDefault(topic, Map.of())));
            }
        });
        return existing;
    }

    /** The id of a topic; empty if it does not exist. */
    Optional<String> id(Topic topic) {
        return Optional.ofNullable(descriptions(Set.of(topic), Set.of(topic)).get(topic))
                .map(description -> description.topicId().toString());
    }

    /** In how many partitions corpora lived when ingest first ran; empty if it never has, or if this principal may not see it. */
    OptionalInt partitionsInState() {
        String topic = names.stateOfCorpora();
        try {
            Map<String, KafkaFuture<TopicDescription>> answers =
                    admin.describeTopics(List.of(topic)).topicNameValues();
            return OptionalInt.of(answer(answers, topic).partitions().size());
        } catch (UnknownTopicOrPartitionException | TopicAuthorizationException e) {
            return OptionalInt.empty();
        } catch (KafkaException e) {
            throw failures.failed("topic " + topic + " cannot be looked up", e);
        }
    }

    /**
     * Creates topics with their settings; one that exists by now is left as it is.
     *
     * @param partitions the partition count of each
     * @return those that were created here
     */
    Set<Topic> create(Map<Topic, Integer> partitions) {
        Map<String, KafkaFuture<Void>> answers = admin.createTopics(partitions.entrySet().stream()
                        .map(entry -> new NewTopic(
                                        names.of(entry.getKey()), Optional.of(entry.getValue()), Optional.empty())
                                .configs(entry.getKey().settings()))
                        .toList())
                .values();
        Set<Topic> created = EnumSet.noneOf(Topic.class);
        partitions.keySet().forEach(topic -> {
            try {
                answer(answers, names.of(topic));
                created.add(topic);
            } catch (KafkaException e) {
                boolean anotherServiceWasFirst = e instanceof TopicExistsException;
                if (!anotherServiceWasFirst) {
                    throw failed(AclOperation.CREATE, topic, "topic " + names.of(topic) + " cannot be created", e);
                }
            }
        });
        return created;
    }

    /**
     * Waits until the leader of every partition takes records; returns false if that takes too long. A broker lists a new topic
     * before it takes records for it. A producer with several requests in flight can lose records in between, idempotent or
     * not: the first request is rejected, a later one accepted, and then the first is out of order for ever (KAFKA-15591).
     */
    boolean awaitLeaders(Set<Topic> topics) {
        long deadline = System.nanoTime() + timeout.toNanos();
        Map<Topic, TopicDescription> known = descriptions(topics, topics);
        while (!known.keySet().containsAll(topics)) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                throw failures.interrupted(e);
            }
            known = descriptions(topics, topics);
        }
        return leadersAnswer(known);
    }

    /** The failure that topics have no leaders. */
    InkstreamException noLeaders(Set<Topic> topics) {
        return failures.noLeaders(topics.stream().map(names::of).sorted().toList());
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }

    /** Asks each leader for an offset, which takes the same as accepting a record: the client repeats it until there is one. */
    private boolean leadersAnswer(Map<Topic, TopicDescription> topics) {
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        topics.values().forEach(topic -> topic.partitions()
                .forEach(partition ->
                        wanted.put(new TopicPartition(topic.name(), partition.partition()), OffsetSpec.earliest())));
        ListOffsetsResult answers = admin.listOffsets(wanted);
        for (TopicPartition partition : wanted.keySet()) {
            try {
                answer(answers.partitionResult(partition));
            } catch (TimeoutException e) {
                return false;
            } catch (KafkaException e) {
                throw failures.failed("partition " + partition + " cannot be looked up", e);
            }
        }
        return true;
    }

    private Map<Topic, TopicDescription> descriptions(Set<Topic> topics, Set<Topic> required) {
        Map<String, KafkaFuture<TopicDescription>> answers =
                admin.describeTopics(topics.stream().map(names::of).toList()).topicNameValues();
        Map<Topic, TopicDescription> descriptions = new EnumMap<>(Topic.class);
        for (Topic topic : topics) {
            try {
                descriptions.put(topic, answer(answers, names.of(topic)));
            } catch (KafkaException e) {
                boolean missing = e instanceof UnknownTopicOrPartitionException;
                boolean hidden = e instanceof TopicAuthorizationException && !required.contains(topic);
                if (!missing && !hidden) {
                    throw failed(AclOperation.DESCRIBE, topic, "topic " + names.of(topic) + " cannot be looked up", e);
                }
            }
        }
        return descriptions;
    }

    private Map<Topic, Map<String, String>> settings(Set<Topic> topics) {
        Map<Topic, ConfigResource> resources = new EnumMap<>(Topic.class);
        topics.forEach(topic -> resources.put(topic, new ConfigResource(ConfigResource.Type.TOPIC, names.of(topic))));
        Map<ConfigResource, KafkaFuture<Config>> answers =
                admin.describeConfigs(resources.values()).values();
        Map<Topic, Map<String, String>> settings = new EnumMap<>(Topic.class);
        resources.forEach((topic, resource) -> {
            try {
                settings.put(topic, values(answer(answers, resource)));
            } catch (KafkaException e) {
                // A topic that is being created is known to some brokers before others.
                if (!(e instanceof UnknownTopicOrPartitionException)) {
                    throw failed(
                            AclOperation.DESCRIBE_CONFIGS,
                            topic,
                            "the settings of topic " + names.of(topic) + " cannot be read",
                            e);
                }
            }
        });
        return settings;
    }

    private InkstreamException failed(AclOperation operation, Topic topic, String what, KafkaException e) {
        return e instanceof AuthorizationException denial
                ? denials.denied(operation, names.of(topic), denial)
                : failures.failed(what, e);
    }

    private static Map<String, String> values(Config config) {
        Map<String, String> values = new HashMap<>();
        config.entries().forEach(entry -> {
            if (entry.value() != null) {
                values.put(entry.name(), entry.value());
            }
        });
        return values;
    }

    private <K, T> T answer(Map<K, KafkaFuture<T>> answers, K key) {
        KafkaFuture<T> answer = answers.get(key);
        if (answer == null) {
            throw new IllegalArgumentException("%s was not asked for".formatted(key));
        }
        return answer(answer);
    }

    private <T> T answer(KafkaFuture<T> answer) {
        try {
            return answer.get();
        } catch (InterruptedException e) {
            throw failures.interrupted(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
        }
    }
}
