package io.inkstream.systemtests.outages;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.cli.stack.EmbeddedStack;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.embedded.EmbeddedCluster;
import io.inkstream.launcher.services.Pipeline;
import io.inkstream.launcher.services.ServiceSettings;
import io.inkstream.launcher.services.Services;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.lifecycle.Health;
import io.inkstream.platform.lifecycle.Service;
import io.inkstream.platform.lifecycle.ServiceRunner;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StaticMembershipTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    /** Longer than any wait in this test. */
    private static final Duration SESSION = Duration.ofMinutes(10);

    private static final ServiceSettings SETTINGS = new ServiceSettings(2, "auto", "cpu", 1, Duration.ofSeconds(1), 0);

    @TempDir
    private static Path data;

    private static EmbeddedCluster cluster;

    @BeforeAll
    static void start() {
        cluster = new EmbeddedCluster(data, 0, 0, Map.of("session.timeout.ms", Long.toString(SESSION.toMillis())));
        cluster.start();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void aNamedInstanceKeepsItsPartitionsOverARestart() throws Exception {
        // Given
        TopicNames topics = new TopicNames("again");
        Connection connection = cluster.connection().withInstance("one");
        Map<String, String> before;
        try (Pipeline first = pipeline(connection, topics)) {
            awaitReady(first);
            before = members(topics);
        }

        // While it is stopped
        assertThat(members(topics)).isEqualTo(before);
        long began = System.nanoTime();
        try (Pipeline second = pipeline(connection, topics)) {
            awaitReady(second);

            // Then
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(SESSION.dividedBy(10));
            assertThat(members(topics)).isEqualTo(before);
            assertThat(before.keySet()).allMatch(member -> member.matches("(ingest|trainer|generator) one(-\\d)?"));
            assertThat(before.values()).allMatch(assignment -> assignment.contains("again."));
        }
    }

    @Test
    void theServicesOfAnEmbeddedStackAreNamed(@TempDir Path folder) throws Exception {
        // Given
        TopicNames topics = new TopicNames("up");

        // When
        try (EmbeddedStack stack = EmbeddedStack.onFreePorts(folder, Map.of(), topics, SETTINGS)) {
            stack.start();

            // Then
            assertThat(members(stack.connection(), topics).keySet())
                    .isNotEmpty()
                    .allMatch(member -> member.matches("(ingest|trainer|generator) embedded(-\\d)?"));
        }
    }

    @Test
    void unnamedMembersLeaveTheGroupWhenTheyStop() throws Exception {
        // Given
        TopicNames topics = new TopicNames("dynamic");

        // When
        try (Pipeline pipeline = pipeline(cluster.connection(), topics)) {
            awaitReady(pipeline);

            // Then
            assertThat(members(topics).keySet()).allMatch(member -> member.matches("\\w+ dynamic"));
        }
        Awaitility.await().atMost(TIMEOUT).untilAsserted(() -> assertThat(members(topics))
                .isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ingest", "trainer", "generator"})
    void aSecondInstanceOfTheSameNameEndsTheFirst(String name) throws Exception {
        // Given
        TopicNames topics = new TopicNames("twice-" + name);
        Connection connection = cluster.connection().withInstance("one");
        try (Service first = Services.create(name, connection, topics, SETTINGS, new SimpleMeterRegistry());
                Service second = Services.create(name, connection, topics, SETTINGS, new SimpleMeterRegistry());
                ServiceRunner runner = new ServiceRunner(List.of(first))) {
            runner.start();
            awaitReady(first);

            // When
            second.start();

            // Then
            assertThat(runner.awaitEnd())
                    .get()
                    .extracting(Throwable::getMessage)
                    .isEqualTo(
                            "Another %s has joined as instance 'one' and has taken over from this one: give each an --instance of its own."
                                    .formatted(name));
            awaitReady(second);
        }
    }

    private static Pipeline pipeline(Connection connection, TopicNames topics) {
        Pipeline pipeline = new Pipeline(connection, topics, SETTINGS, new SimpleMeterRegistry());
        pipeline.start();
        return pipeline;
    }

    private static void awaitReady(Pipeline pipeline) {
        pipeline.services().forEach(StaticMembershipTest::awaitReady);
    }

    private static void awaitReady(Service service) {
        Awaitility.await().atMost(TIMEOUT).until(service::health, Health::ready);
    }

    /** The assignment of each member of the three groups, by service and instance. */
    private static SortedMap<String, String> members(TopicNames topics) throws Exception {
        return members(cluster.connection(), topics);
    }

    private static SortedMap<String, String> members(Connection connection, TopicNames topics) throws Exception {
        SortedMap<String, String> members = new TreeMap<>();
        try (Admin admin = Admin.create(connection.clientProperties())) {
            for (String service : Services.NAMES) {
                ConsumerGroupDescription group = admin.describeConsumerGroups(List.of(topics.group(service)))
                        .all()
                        .get(30, TimeUnit.SECONDS)
                        .get(topics.group(service));
                for (MemberDescription member : group.members()) {
                    members.put(
                            service + " " + member.groupInstanceId().orElse("dynamic"),
                            member.assignment().topicPartitions().stream()
                                    .map(Object::toString)
                                    .sorted()
                                    .toList()
                                    .toString());
                }
            }
        }
        return members;
    }
}
