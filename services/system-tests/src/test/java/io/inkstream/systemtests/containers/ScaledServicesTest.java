package io.inkstream.systemtests.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.systemtests.workload.CorpusText;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Several containers of a service share its work. */
@OnComposeStack
class ScaledServicesTest {

    private static final Map<String, Integer> SCALE = Map.of("ingest", 2, "trainer", 2, "generator", 3);
    private static final int PARTITIONS = 4;

    private static ComposeProject project;
    private static LearnedTexts texts;

    @BeforeAll
    static void stack(ComposeProject sharedProject, LearnedTexts sharedTexts) {
        project = sharedProject;
        texts = sharedTexts;
    }

    @Test
    void instancesShareThePartitionsAndTheResultIsTheSame() {
        // When
        project.up("--scale", "ingest=2", "--scale", "trainer=2", "--scale", "generator=3");
        try {
            List<CorpusText> corpora =
                    List.of(texts.begin("scaled-1"), texts.begin("scaled-2"), texts.begin("scaled-3"));
            corpora.forEach(texts::awaitTraining);
            corpora.forEach(texts::ask);

            // Then each instance has its share of the partitions
            SCALE.forEach((service, instances) -> {
                assertThat(project.containers(service)).hasSize(instances);
                await("members of " + service).atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(
                                shares(service))
                        .hasSize(instances)
                        .allMatch(share -> share >= PARTITIONS / instances));
            });

            // And what they make of the same text is what one of them would make
            texts.awaitLearnedAlike(corpora);
            texts.check(corpora.get(0));
            assertThat(corpora.stream().map(texts::weights).distinct()).hasSize(1);
        } finally {
            project.up();
        }
        assertThat(project.containers("trainer")).hasSize(1);
    }

    /** How many partitions of its input each member of a service's group has. */
    private static List<Integer> shares(String service) throws ExecutionException, InterruptedException {
        String group = new TopicNames(TopicNames.DEFAULT_PREFIX).group(service);
        try (Admin admin = Admin.create(project.connection().clientProperties())) {
            return admin.describeConsumerGroups(List.of(group)).all().get().get(group).members().stream()
                    .map(MemberDescription::assignment)
                    .map(assignment -> assignment.topicPartitions().size())
                    .toList();
        }
    }
}
