package io.inkstream.corpuslog.topics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inkstream.platform.InkstreamException;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TopicPlanTest {

    private static final TopicNames NAMES = new TopicNames("ink");
    private static final Set<Topic> ALL = EnumSet.allOf(Topic.class);

    @Test
    void createsEverythingOnAnEmptyCluster() {
        // When
        TopicPlan plan = plan(ALL, 4, Map.of());

        // Then
        assertThat(plan.creations()).containsOnlyKeys(ALL).allSatisfy((topic, partitions) -> assertThat(partitions)
                .isEqualTo(4));
    }

    @Test
    void createsNothingThatIsNotRequired() {
        assertThat(plan(Set.of(Topic.MODELS), 4, Map.of()).creations()).isEqualTo(Map.of(Topic.MODELS, 4));
    }

    @Test
    void createsNothingThatExists() {
        // Given
        Map<Topic, ExistingTopic> existing = new HashMap<>();
        ALL.forEach(topic -> existing.put(topic, asCreated(topic, 4)));

        // When, then
        assertThat(plan(ALL, 4, existing).creations()).isEmpty();
    }

    @Test
    void takesThePartitionCountOfTheTopicsThatAreThere() {
        // Given one that is not even required
        Map<Topic, ExistingTopic> existing = Map.of(Topic.TEXT, asCreated(Topic.TEXT, 12));

        // When
        TopicPlan plan = plan(Set.of(Topic.TOKENS, Topic.MODELS, Topic.PREFIXES), 4, existing);

        // Then
        assertThat(plan.creations()).isEqualTo(Map.of(Topic.TOKENS, 12, Topic.MODELS, 12, Topic.PREFIXES, 4));
    }

    @Test
    void takesNoCountFromTopicsWithAnyPartitioning() {
        // Given
        Map<Topic, ExistingTopic> existing = Map.of(Topic.PREFIXES, asCreated(Topic.PREFIXES, 30));

        // When, then
        assertThat(plan(Set.of(Topic.PREFIXES, Topic.MODELS), 4, existing).creations())
                .isEqualTo(Map.of(Topic.MODELS, 4));
    }

    @Test
    void rejectsPartitionCountsThatDiffer() {
        // Given
        Map<Topic, ExistingTopic> existing =
                Map.of(Topic.TEXT, asCreated(Topic.TEXT, 4), Topic.TOKENS, asCreated(Topic.TOKENS, 8));

        // When, then
        assertThatThrownBy(() -> plan(Set.of(Topic.MODELS), 4, existing))
                .isInstanceOf(InkstreamException.class)
                .hasMessageContaining("ink.text has 4, ink.tokens has 8");
    }

    @ParameterizedTest
    @EnumSource(
            value = Topic.class,
            names = {"CORPORA", "CHECKPOINTS", "MODELS", "HISTORY"})
    void rejectsACompactedTopicThatDeletes(Topic topic) {
        // Given
        Map<Topic, ExistingTopic> existing = Map.of(topic, with(topic, Map.of("cleanup.policy", "delete")));

        // When, then
        assertThatThrownBy(() -> plan(Set.of(topic), 4, existing))
                .isInstanceOf(InkstreamException.class)
                .hasMessageStartingWith("Topic %s has cleanup.policy=delete", NAMES.of(topic))
                .hasMessageEndingWith(
                        "kafka-configs.sh --bootstrap-server kafka:9092 --alter --entity-type topics --entity-name %s --add-config cleanup.policy=compact",
                        NAMES.of(topic));
    }

    @ParameterizedTest
    @EnumSource(
            value = Topic.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"CORPORA", "CHECKPOINTS", "MODELS", "HISTORY"})
    void rejectsCompactionOfATopicThatKeepsEveryRecord(Topic topic) {
        // Given
        Map<Topic, ExistingTopic> existing = Map.of(topic, with(topic, Map.of("cleanup.policy", "compact,delete")));

        // When, then
        assertThatThrownBy(() -> plan(Set.of(topic), 4, existing))
                .isInstanceOf(InkstreamException.class)
                .hasMessageStartingWith("Topic %s has cleanup.policy=compact,delete", NAMES.of(topic))
                .hasMessageEndingWith("--add-config cleanup.policy=delete");
    }

    @ParameterizedTest
    @CsvSource({"retention.ms,604800000", "retention.bytes,1073741824"})
    void rejectsFiniteRetentionOfTokens(String setting, String value) {
        // Given
        Map<Topic, ExistingTopic> existing = Map.of(Topic.TOKENS, with(Topic.TOKENS, Map.of(setting, value)));

        // When, then
        assertThatThrownBy(() -> plan(Set.of(Topic.TOKENS), 4, existing))
                .isInstanceOf(InkstreamException.class)
                .hasMessageStartingWith("Topic ink.tokens has %s=%s", setting, value)
                .hasMessageEndingWith("--entity-name ink.tokens --add-config %s=-1", setting);
    }

    @ParameterizedTest
    @EnumSource(
            value = Topic.class,
            names = {"TEXT", "PROGRESS", "PREFIXES", "COMPLETIONS", "COMPLETIONS_TEXT", "DEAD_LETTERS"})
    void leavesRetentionToTheUserWhereNothingRestsOnIt(Topic topic) {
        // Given
        Map<Topic, ExistingTopic> existing =
                Map.of(topic, with(topic, Map.of("retention.ms", "1000", "retention.bytes", "1000000")));

        // When, then
        assertThat(plan(Set.of(topic), 4, existing).creations()).isEmpty();
    }

    @Test
    void rejectsACompactedTopicWithFiniteRetention() {
        // Given
        Map<Topic, ExistingTopic> finite = Map.of(
                Topic.MODELS,
                with(Topic.MODELS, Map.of("cleanup.policy", "compact,delete", "retention.ms", "604800000")));
        Map<Topic, ExistingTopic> unlimited = Map.of(
                Topic.MODELS, with(Topic.MODELS, Map.of("cleanup.policy", "compact, delete", "retention.ms", "-1")));

        // When, then
        assertThatThrownBy(() -> plan(Set.of(Topic.MODELS), 4, finite)).isInstanceOf(InkstreamException.class);
        assertThat(plan(Set.of(Topic.MODELS), 4, unlimited).creations()).isEmpty();
    }

    @Test
    void ignoresTheSettingsOfTopicsThatAreNotRequired() {
        // Given
        Map<Topic, ExistingTopic> existing = Map.of(Topic.TOKENS, with(Topic.TOKENS, Map.of("retention.ms", "1000")));

        // When, then
        assertThat(plan(Set.of(Topic.MODELS), 1, existing).creations()).isEqualTo(Map.of(Topic.MODELS, 4));
    }

    @Test
    void rejectsPartitionsThatWereAddedAfterIngestFirstRan() {
        // Given
        Map<Topic, ExistingTopic> existing = Map.of(Topic.PROGRESS, new ExistingTopic(8, Map.of()));

        // When, then
        assertThatThrownBy(
                        () -> TopicPlan.of(NAMES, Set.of(Topic.PREFIXES), 4, existing, OptionalInt.of(4), "kafka:9092"))
                .isInstanceOf(InkstreamException.class)
                .hasMessageStartingWith(
                        "The topics that are keyed by corpus have 8 partitions, but had 4 when ingest first ran (as ")
                .hasMessageContaining("Choose another topic prefix");
    }

    @Test
    void rejectsADeadLettersTopicTooSmallForTheLargestDeadLetter() {
        // Given
        Map<Topic, ExistingTopic> small =
                Map.of(Topic.DEAD_LETTERS, new ExistingTopic(4, Map.of("max.message.bytes", "1048588")));
        Map<Topic, ExistingTopic> large =
                Map.of(Topic.DEAD_LETTERS, new ExistingTopic(4, Map.of("max.message.bytes", "2097152")));

        // When, then
        assertThatThrownBy(() -> plan(Set.of(Topic.DEAD_LETTERS), 4, small))
                .isInstanceOf(InkstreamException.class)
                .hasMessageContaining("has max.message.bytes=1048588")
                .hasMessageEndingWith("--add-config max.message.bytes=2097152");
        assertThat(plan(Set.of(Topic.DEAD_LETTERS), 4, large).creations()).isEmpty();
    }

    @Test
    void warnsOfATopicWhoseRecordsAreMeasuredCompressed() {
        // Given
        Map<String, String> asProducersSendIt = Map.of("compression.type", "producer");

        // When / Then
        assertThat(TopicSafety.risk("ink.text", asProducersSendIt, "broker:9092"))
                .hasValueSatisfying(
                        risk -> assertThat(risk)
                                .startsWith("Topic ink.text has compression.type=producer")
                                .endsWith(
                                        "--bootstrap-server broker:9092 --alter --entity-type topics --entity-name ink.text --add-config compression.type=uncompressed"));
        assertThat(TopicSafety.risk("ink.text", Topic.TEXT.settings(), "broker:9092"))
                .isEmpty();
    }

    @Test
    void createsWhatIsMissingWithTheCountThatIngestHasState() {
        assertThat(TopicPlan.of(NAMES, Set.of(Topic.TOKENS), 8, Map.of(), OptionalInt.of(4), "kafka:9092")
                        .creations())
                .isEqualTo(Map.of(Topic.TOKENS, 4));
    }

    private static TopicPlan plan(Set<Topic> required, int partitions, Map<Topic, ExistingTopic> existing) {
        return TopicPlan.of(NAMES, required, partitions, existing, OptionalInt.empty(), "kafka:9092");
    }

    private static ExistingTopic asCreated(Topic topic, int partitions) {
        return new ExistingTopic(partitions, topic.settings());
    }

    private static ExistingTopic with(Topic topic, Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(topic.settings());
        all.putAll(settings);
        return new ExistingTopic(4, all);
    }
}
