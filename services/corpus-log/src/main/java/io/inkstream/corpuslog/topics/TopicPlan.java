package io.inkstream.corpuslog.topics;

import static io.inkstream.corpuslog.topics.Topic.Partitioning.BY_CORPUS;

import io.inkstream.platform.InkstreamException;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is missing on a cluster.
 *
 * @param creations the partition count of each topic that is to be created, in the order of the pipeline
 */
record TopicPlan(Map<Topic, Integer> creations) {

    TopicPlan {
        creations = Collections.unmodifiableMap(new LinkedHashMap<>(creations));
    }

    /**
     * Plans from what exists.
     *
     * @param required the topics that must exist in the end
     * @param partitions partition count for topics keyed by corpus if none of them exists, and for all others
     * @param existing those that exist, required or not: the counts of all that are keyed by corpus must agree
     * @param inState in how many partitions corpora lived when ingest first ran, if it has; with another count now, corpora
     *     would live elsewhere than their tokens and models
     * @param bootstrapServers for the commands that messages propose
     * @throws InkstreamException if a required topic would lose data, or partition counts differ
     */
    static TopicPlan of(
            TopicNames names,
            Set<Topic> required,
            int partitions,
            Map<Topic, ExistingTopic> existing,
            OptionalInt inState,
            String bootstrapServers) {
        int byCorpus = partitionsByCorpus(names, partitions, existing, inState);
        Map<Topic, Integer> creations = new EnumMap<>(Topic.class);
        for (Topic topic : required) {
            ExistingTopic found = existing.get(topic);
            if (found != null) {
                TopicSafety.check(topic, names.of(topic), found.settings(), bootstrapServers);
            } else {
                creations.put(topic, topic.partitioning() == BY_CORPUS ? byCorpus : partitions);
            }
        }
        return new TopicPlan(creations);
    }

    private static int partitionsByCorpus(
            TopicNames names, int partitions, Map<Topic, ExistingTopic> existing, OptionalInt inState) {
        Map<Topic, Integer> counts = new EnumMap<>(Topic.class);
        existing.forEach((topic, found) -> {
            if (topic.partitioning() == BY_CORPUS) {
                counts.put(topic, found.partitions());
            }
        });
        if (Set.copyOf(counts.values()).size() > 1) {
            throw new InkstreamException(
                    "The topics that are keyed by corpus must have the same partition count, but %s: delete those that differ, so that they are created again, or choose another topic prefix."
                            .formatted(counts.entrySet().stream()
                                    .map(count -> "%s has %d".formatted(names.of(count.getKey()), count.getValue()))
                                    .collect(Collectors.joining(", "))));
        }
        int count = counts.values().stream().findFirst().orElse(inState.orElse(partitions));
        if (inState.isPresent() && inState.getAsInt() != count) {
            throw new InkstreamException(
                    "The topics that are keyed by corpus have %d partitions, but had %d when ingest first ran (as %s still has): corpora would live in other partitions than their tokens and models, and Kafka cannot remove partitions. Choose another topic prefix and produce the texts again, or delete the topics and create them with %d partitions."
                            .formatted(count, inState.getAsInt(), names.stateOfCorpora(), inState.getAsInt()));
        }
        return count;
    }
}
