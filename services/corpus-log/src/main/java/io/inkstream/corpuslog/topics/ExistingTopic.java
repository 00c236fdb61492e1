package io.inkstream.corpuslog.topics;

import java.util.Map;

/**
 * A topic as a cluster has it.
 *
 * @param partitions its partition count
 * @param settings its settings by their Kafka names, with the cluster's defaults among them
 */
record ExistingTopic(int partitions, Map<String, String> settings) {

    ExistingTopic {
        settings = Map.copyOf(settings);
    }
}
