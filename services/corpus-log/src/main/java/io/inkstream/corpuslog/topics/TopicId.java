package io.inkstream.corpuslog.topics;

import io.inkstream.platform.config.Connection;
import java.util.Optional;

/**
 * The id that Kafka gives to a topic. A topic that is deleted and created again under its name has another id, so offsets of
 * the former topic are not mistaken for its own.
 */
public final class TopicId {

    private TopicId() {}

    /**
     * Asks the cluster.
     *
     * @return empty if the topic does not exist
     * @throws io.inkstream.platform.InkstreamException if Kafka does not answer in time, or rejects the request
     */
    public static Optional<String> of(Connection connection, TopicNames names, Topic topic) {
        try (TopicCluster cluster = TopicCluster.connect(connection, names, TopicProvisioner.TIMEOUT)) {
            return cluster.id(topic);
        }
    }
}
