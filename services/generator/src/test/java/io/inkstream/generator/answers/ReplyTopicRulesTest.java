package io.inkstream.generator.answers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.generator.GeneratorSettings;
import io.inkstream.generator.requests.RequestLimits;
import io.inkstream.platform.InkstreamException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyTopicRulesTest {

    private static final TopicNames TOPICS = new TopicNames("ink");
    private static final ReplyTopicRules STANDARD = new ReplyTopicRules(TOPICS, List.of());
    private static final ReplyTopicRules ANY = new ReplyTopicRules(TOPICS, List.of("*"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ink.completions",
                "ink.completions.text",
                "ink.replies",
                "ink.replies.app-7",
                "ink.prefixes.reply"
            })
    void allowsTheDefaultReplyTopics(String topic) {
        assertThat(STANDARD.violation(topic)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"orders", "ink.prefixes.replyx", "other.replies", "ink"})
    void rejectsOtherTopics(String topic) {
        assertThat(STANDARD.violation(topic)).hasValueSatisfying(problem -> assertThat(problem)
                .contains(topic)
                .contains("--reply-topics")
                .contains("ink.replies*"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "_schemas",
                "__consumer_offsets",
                "__transaction_state",
                "_confluent-command",
                "ink-ingest-states-changelog",
                "app-KSTREAM-AGGREGATE-STATE-STORE-0000000003-repartition",
                "app-KTABLE-FK-JOIN-SUBSCRIPTION-REGISTRATION-0000000006-topic-subscription-registration-topic"
            })
    void rejectsInternalTopicsEvenWhenEverythingIsAllowed(String topic) {
        assertThat(ANY.violation(topic))
                .hasValueSatisfying(problem -> assertThat(problem).contains("must not be used for answers"));
        assertThat(new ReplyTopicRules(TOPICS, List.of(topic)).violation(topic)).isPresent();
    }

    @ParameterizedTest
    @EnumSource(
            value = Topic.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"COMPLETIONS", "COMPLETIONS_TEXT"})
    void rejectsOurOwnTopicsEvenWhenEverythingIsAllowed(Topic topic) {
        assertThat(ANY.violation(TOPICS.of(topic))).isPresent();
    }

    @Test
    void namesAndPrefixesCanBeConfigured() {
        // Given
        ReplyTopicRules rules = new ReplyTopicRules(TOPICS, List.of("orders", "crm.*"));

        // Then
        assertThat(rules.violation("orders")).isEmpty();
        assertThat(rules.violation("crm.replies")).isEmpty();
        assertThat(rules.violation("ink.completions")).isEmpty();
        assertThat(rules.violation("orders2")).isPresent();
        assertThat(rules.violation("ink.replies")).isPresent();
        assertThatThrownBy(() -> settings("a*b"))
                .isInstanceOf(InkstreamException.class)
                .hasMessageContaining("'a*b'");
        assertThatThrownBy(() -> settings("")).isInstanceOf(InkstreamException.class);
    }

    private static GeneratorSettings settings(String replyTopic) {
        return new GeneratorSettings(1, 1, RequestLimits.STANDARD, List.of(replyTopic));
    }
}
