package io.inkstream.corpuslog.topics;

import static io.inkstream.corpuslog.topics.Topic.Partitioning.BY_CORPUS;
import static io.inkstream.corpuslog.topics.Topic.Partitioning.FREE;

import io.inkstream.corpuslog.deadletters.DeadLetter;
import java.util.HashMap;
import java.util.Map;

/** The topics of the pipeline, and the settings that each must have. */
public enum Topic {
    /** Plain UTF-8, one or more whole lines; key: the corpus. */
    TEXT("text", BY_CORPUS, deleted()),
    /** CorpusSpec; key: the corpus. */
    CORPORA("corpora", BY_CORPUS, compacted()),
    /** TokenBlock; key: the corpus. Never deleted by default: a model can be trained again from it. */
    TOKENS("tokens", BY_CORPUS, kept()),
    /** Chunks of checkpoints; key: corpus/slot/chunk. Small segments and prompt compaction keep it near the live ring's size. */
    CHECKPOINTS("checkpoints", BY_CORPUS, compactedPromptly()),
    /** CheckpointManifest; key: the corpus. */
    MODELS("models", BY_CORPUS, compacted()),
    /** CheckpointManifest of what lies in each slot of the checkpoints topic; key: corpus/slot. */
    HISTORY("history", BY_CORPUS, compacted()),
    /** TrainingProgress; key: the corpus. */
    PROGRESS("progress", BY_CORPUS, deleted()),
    /** PrefixRequest or plain UTF-8; key: the request id. */
    PREFIXES("prefixes", FREE, deleted()),
    /** Completion; key: the request id. */
    COMPLETIONS("completions", FREE, deleted()),
    /** Plain UTF-8 answers to plain requests; key: the request id. */
    COMPLETIONS_TEXT("completions.text", FREE, deleted()),
    /** Records that a stage rejected, unchanged, with the reason in the headers. */
    DEAD_LETTERS("dead-letters", FREE, keptWithReasons());

    /** Whether a topic's partition count is tied to that of the others. */
    public enum Partitioning {
        /** Keyed by corpus: all these topics have the same partition count, and a corpus has the same partition in each. */
        BY_CORPUS,
        /** Any partition count. */
        FREE
    }

    /** The topic setting that says how the brokers keep what producers send. */
    static final String COMPRESSION = "compression.type";

    /**
     * Brokers that keep records uncompressed measure them uncompressed. Otherwise 100 MB of zeros pass as a record of 100 KB, and
     * its readers need memory for all of it.
     */
    static final String UNCOMPRESSED = "uncompressed";

    private final String suffix;
    private final Partitioning partitioning;

    @SuppressWarnings("ImmutableEnumChecker") // an immutable map
    private final Map<String, String> settings;

    Topic(String suffix, Partitioning partitioning, Map<String, String> settings) {
        this.suffix = suffix;
        this.partitioning = partitioning;
        Map<String, String> all = new HashMap<>(settings);
        all.put(COMPRESSION, UNCOMPRESSED);
        this.settings = Map.copyOf(all);
    }

    /** The name without the configurable prefix, for instance {@code tokens}. */
    public String suffix() {
        return suffix;
    }

    /** Whether its partition count is tied to that of other topics. */
    public Partitioning partitioning() {
        return partitioning;
    }

    /** Topic-level settings, by their Kafka names, with which it is created. */
    public Map<String, String> settings() {
        return settings;
    }

    private static Map<String, String> deleted() {
        return Map.of("cleanup.policy", "delete");
    }

    private static Map<String, String> kept() {
        return Map.of("cleanup.policy", "delete", "retention.ms", "-1", "retention.bytes", "-1");
    }

    /** The largest record that Kafka accepts by default must fit, together with the headers that say why it was rejected. */
    private static Map<String, String> keptWithReasons() {
        return Map.of(
                "cleanup.policy",
                "delete",
                "retention.ms",
                "-1",
                "retention.bytes",
                "-1",
                "max.message.bytes",
                Integer.toString(DeadLetter.LARGEST_BYTES));
    }

    private static Map<String, String> compacted() {
        return Map.of("cleanup.policy", "compact");
    }

    private static Map<String, String> compactedPromptly() {
        return Map.of(
                "cleanup.policy", "compact",
                "segment.bytes", Integer.toString(16 * 1024 * 1024),
                "segment.ms", "600000",
                "min.cleanable.dirty.ratio", "0.2",
                "max.compaction.lag.ms", "600000",
                "delete.retention.ms", "60000");
    }
}
