package io.inkstream.systemtests.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.systemtests.stacks.DockerEngine;
import io.inkstream.systemtests.workload.CorpusText;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartitionInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** With three brokers, training and serving go on while one of them is dead, and nothing is lost or doubled. */
@Tag("containers")
class ClusterTest {

    private static final Duration TIMEOUT = Duration.ofMinutes(3);
    private static final TopicNames TOPICS = new TopicNames(TopicNames.DEFAULT_PREFIX);

    @Test
    void continuesWithoutOneBrokerAndThenWithoutAnother() throws Exception {
        DockerEngine.requireCompose();
        try (ComposeProject project = ComposeProject.startCluster();
                LearnedTexts texts = new LearnedTexts(project.connection());
                Admin admin = Admin.create(project.connection().clientProperties())) {
            // Given topics that are replicated
            CorpusText corpus = texts.begin("cluster");
            texts.awaitTraining(corpus);
            assertThat(partitions(admin))
                    .allMatch(partition -> partition.replicas().size() == 3);

            for (String broker : List.of("kafka-2", "kafka")) {
                // When a broker is killed
                texts.resume(corpus);
                String unused = project.run("kill", "--signal", "KILL", broker);
                texts.append(corpus);

                // Then training and serving go on without it
                texts.ask(corpus);
                Duration answer = texts.awaitAnswers();
                Duration covered = texts.awaitCovered(corpus);
                System.out.printf(
                        "%s killed: the next answer after %.1f s, the next text trained on %.1f s later%n",
                        broker, answer.toMillis() / 1000.0, covered.toMillis() / 1000.0);
                assertThat(partitions(admin))
                        .allMatch(partition -> partition.isr().size() == 2);
                texts.rest(corpus);

                // And when it is back, it catches up
                project.upWithRestarts();
                await("replicas in sync after the return of " + broker)
                        .atMost(TIMEOUT)
                        .until(() -> partitions(admin).stream()
                                .allMatch(partition -> partition.isr().size() == 3));
            }
            texts.awaitLearned(corpus);
            System.out.print(texts.check(corpus).table());
        }
    }

    private static List<TopicPartitionInfo> partitions(Admin admin) throws ExecutionException, InterruptedException {
        Collection<TopicDescription> topics = admin.describeTopics(Stream.concat(
                                Stream.of(Topic.values()).map(TOPICS::of),
                                Stream.of("_schemas", "__consumer_offsets", "__transaction_state"))
                        .toList())
                .allTopicNames()
                .get()
                .values();
        return topics.stream().flatMap(topic -> topic.partitions().stream()).toList();
    }
}
