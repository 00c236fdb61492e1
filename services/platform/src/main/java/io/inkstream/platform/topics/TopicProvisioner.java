package io.inkstream.platform.topics;

import io.inkstream.platform.config.Connection;
import java.util.Set;

/** Creates missing topics, and refuses to go on with ones whose settings would lose data. */
public final class TopicProvisioner {
    private TopicProvisioner() {}

    /**
     * Makes sure that topics exist with safe settings.
     *
     * @param partitions partition count for topics that are created
     */
    public static void ensure(Connection connection, TopicNames names, int partitions, Set<Topic> topics) {}
}
