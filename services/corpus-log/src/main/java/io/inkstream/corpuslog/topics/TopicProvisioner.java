package io.inkstream.corpuslog.topics;

import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.config.Connection;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates missing topics, and rejects existing ones whose settings would lose data. */
public final class TopicProvisioner {

    /** How long to wait for Kafka, unless a caller says otherwise. */
    public static final Duration TIMEOUT = Duration.ofSeconds(30);

    private static final Logger log = LoggerFactory.getLogger(TopicProvisioner.class);

    private TopicProvisioner() {}

    /**
     * Makes sure that topics exist with safe settings, waiting at most {@link #TIMEOUT} for Kafka.
     *
     * @param partitions partition count for topics that are created
     * @throws InkstreamException as {@link #ensure(Connection, TopicNames, int, Set, Duration)} does
     */
    public static void ensure(Connection connection, TopicNames names, int partitions, Set<Topic> topics) {
        ensure(connection, names, partitions, topics, TIMEOUT);
    }

    /**
     * Makes sure that topics exist with safe settings; returns once every partition of them takes records, so that whoever
     * produces after it loses none. Other services may do the same at the same time.
     *
     * @param partitions partition count for topics that are created; where others keyed by corpus exist, theirs is used
     * @param timeout how long to wait for Kafka
     * @throws InkstreamException if an existing topic would lose data, if partition counts differ, if Kafka is not
     *     reached in time, or if it rejects a request
     */
    public static void ensure(
            Connection connection, TopicNames names, int partitions, Set<Topic> topics, Duration timeout) {
        if (partitions < 1) {
            throw new InkstreamException(
                    "A topic cannot have %d partitions: give a count of at least 1.".formatted(partitions));
        }
        String servers = connection.bootstrapServers();
        try (TopicCluster cluster = TopicCluster.connect(connection, names, timeout)) {
            Map<Topic, ExistingTopic> existing = cluster.existing(topics);
            TopicPlan plan = TopicPlan.of(names, topics, partitions, existing, cluster.partitionsInState(), servers);
            warn(names, topics, existing, servers);
            if (plan.creations().isEmpty()) {
                awaitLeadersOfExisting(cluster, names, topics);
                return;
            }
            Set<Topic> created = cluster.create(plan.creations());
            if (!cluster.awaitLeaders(topics)) {
                throw cluster.noLeaders(topics);
            }
            if (!created.isEmpty()) {
                log.atInfo().addKeyValue("topics", joined(names, created)).log("Topics created");
            }
            // Another service may have been first, with another partition count.
            plan(cluster, names, topics, partitions, servers);
        }
    }

    /**
     * Checks that the topics of a service still are as they must be; creates none.
     *
     * @throws InkstreamException as {@link #ensure(Connection, TopicNames, int, Set, Duration)} does
     */
    public static void check(Connection connection, TopicNames names, Set<Topic> topics, Duration timeout) {
        try (TopicCluster cluster = TopicCluster.connect(connection, names, timeout)) {
            plan(cluster, names, topics, 1, connection.bootstrapServers());
        }
    }

    /** They may have been created a moment ago; or long ago, on brokers that are away now, and the others are of use without. */
    private static void awaitLeadersOfExisting(TopicCluster cluster, TopicNames names, Set<Topic> topics) {
        if (!cluster.awaitLeaders(topics)) {
            log.atWarn().addKeyValue("topics", joined(names, topics)).log("Some partitions have no leader");
        }
    }

    private static String joined(TopicNames names, Set<Topic> topics) {
        return topics.stream().map(names::of).collect(Collectors.joining(" "));
    }

    /** Settings that lose no data are the user's choice, and worth a warning. */
    private static void warn(TopicNames names, Set<Topic> topics, Map<Topic, ExistingTopic> existing, String servers) {
        for (Topic topic : topics) {
            Optional.ofNullable(existing.get(topic))
                    .flatMap(found -> TopicSafety.risk(names.of(topic), found.settings(), servers))
                    .ifPresent(risk ->
                            log.atWarn().addKeyValue("topic", names.of(topic)).log(risk));
        }
    }

    private static TopicPlan plan(
            TopicCluster cluster, TopicNames names, Set<Topic> topics, int partitions, String servers) {
        return TopicPlan.of(names, topics, partitions, cluster.existing(topics), cluster.partitionsInState(), servers);
    }
}
