package io.inkstream.corpuslog.topics;

import io.inkstream.corpuslog.deadletters.DeadLetter;
import io.inkstream.platform.InkstreamException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whether a topic's settings would lose data. Settings that lose none are the user's choice. */
final class TopicSafety {

    /** Topics that must stay readable from their beginning: a corpus is rebuilt from its tokens. */
    private static final Set<Topic> KEPT_WHOLE = Set.of(Topic.TOKENS);

    private static final String CLEANUP = "cleanup.policy";
    private static final String COMPACT = "compact";
    private static final String DELETE = "delete";
    private static final List<String> RETENTIONS = List.of("retention.ms", "retention.bytes");
    private static final String UNLIMITED = "-1";
    private static final String MAX_MESSAGE_BYTES = "max.message.bytes";

    /** How large the records may be of a topic that only Inkstream writes to; Kafka's default is a little more than a million bytes. */
    private static final Map<Topic, Integer> MAX_WRITTEN =
            Map.of(Topic.DEAD_LETTERS, DeadLetter.LARGEST_BYTES, Topic.TOKENS, 1_000_000, Topic.CHECKPOINTS, 1_000_000);

    private TopicSafety() {}

    /**
     * Rejects a topic whose settings would lose data.
     *
     * @param bootstrapServers for the command in the message
     * @throws InkstreamException if they would
     */
    static void check(Topic topic, String name, Map<String, String> settings, String bootstrapServers) {
        wrong(topic, settings).ifPresent(wrong -> {
            throw new InkstreamException(
                    "Topic %s has %s=%s, with which %s: run kafka-configs.sh --bootstrap-server %s --alter --entity-type topics --entity-name %s --add-config %s=%s"
                            .formatted(
                                    name,
                                    wrong.setting,
                                    settings.get(wrong.setting),
                                    wrong.loss,
                                    bootstrapServers,
                                    name,
                                    wrong.setting,
                                    wrong.needed));
        });
    }

    /**
     * What is wrong with a topic that loses no data, but lets one record use more memory than its readers may have.
     *
     * @return empty if its brokers measure records uncompressed
     */
    static Optional<String> risk(String name, Map<String, String> settings, String bootstrapServers) {
        String compression = settings.get(Topic.COMPRESSION);
        return compression == null || compression.equals(Topic.UNCOMPRESSED)
                ? Optional.empty()
                : Optional.of(
                        "Topic %s has %s=%s: a small compressed record may have any size once it is read. Run kafka-configs.sh --bootstrap-server %s --alter --entity-type topics --entity-name %s --add-config %s=%s"
                                .formatted(
                                        name,
                                        Topic.COMPRESSION,
                                        compression,
                                        bootstrapServers,
                                        name,
                                        Topic.COMPRESSION,
                                        Topic.UNCOMPRESSED));
    }

    private static Optional<Wrong> wrong(Topic topic, Map<String, String> settings) {
        Set<String> policies = Set.of(settings.getOrDefault(CLEANUP, DELETE).split("\\s*,\\s*"));
        boolean compacted = COMPACT.equals(topic.settings().get(CLEANUP));
        if (compacted && !policies.contains(COMPACT)) {
            return Optional.of(new Wrong(
                    CLEANUP, COMPACT, "the newest record of a key is deleted in time or its old ones stay for ever"));
        }
        if (!compacted && policies.contains(COMPACT)) {
            return Optional.of(new Wrong(CLEANUP, DELETE, "all but the newest record of each key are lost"));
        }
        if (compacted && policies.contains(DELETE)) {
            return finiteRetention(settings)
                    .map(retention -> new Wrong(CLEANUP, COMPACT, "the newest record of a key is deleted in time"));
        }
        if (KEPT_WHOLE.contains(topic) && policies.contains(DELETE)) {
            return finiteRetention(settings)
                    .map(retention -> new Wrong(
                            retention, UNLIMITED, "old tokens are deleted and no corpus can be rebuilt from them"));
        }
        int needed = MAX_WRITTEN.getOrDefault(topic, 0);
        if (settings.containsKey(MAX_MESSAGE_BYTES) && Integer.parseInt(settings.get(MAX_MESSAGE_BYTES)) < needed) {
            return Optional.of(new Wrong(
                    MAX_MESSAGE_BYTES,
                    Integer.toString(needed),
                    "a record that Inkstream must write does not fit, and its partition stops"));
        }
        return Optional.empty();
    }

    private static Optional<String> finiteRetention(Map<String, String> settings) {
        return RETENTIONS.stream()
                .filter(retention -> !UNLIMITED.equals(settings.getOrDefault(retention, UNLIMITED)))
                .findFirst();
    }

    /**
     * A setting that loses data.
     *
     * @param needed the value that would not
     * @param loss what is lost
     */
    private record Wrong(String setting, String needed, String loss) {}
}
