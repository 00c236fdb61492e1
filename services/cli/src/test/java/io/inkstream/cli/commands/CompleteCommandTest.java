package io.inkstream.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.cli.Invocation;
import io.inkstream.platform.cluster.Cluster;
import io.inkstream.platform.config.Connection;
import io.inkstream.testsupport.BrokerFixture;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code complete} on a cluster that no service of this topic prefix has run on. */
@Timeout(120)
class CompleteCommandTest {

    private static final String PREFIX = "complete-without-services";

    private static Connection connection;

    @BeforeAll
    static void start() {
        connection = BrokerFixture.get().connection();
    }

    @Test
    void saysInOneSentenceThatNoGeneratorHasRun() throws Exception {
        // When
        Invocation invocation = complete("--corpus", "wells", "time");

        // Then
        assertThat(invocation.exitCode()).isEqualTo(1);
        assertThat(invocation.out()).isEmpty();
        assertThat(invocation.err())
                .isEqualTo(
                        "inkstream: Topic complete-without-services.prefixes does not exist, as no generator has run on "
                                + "this cluster: start one with 'inkstream run generator' or 'inkstream up', or name another "
                                + "--topic-prefix.\n");
        assertThat(topics()).noneMatch(topic -> topic.startsWith(PREFIX));
    }

    @Test
    void createsNoTopicsWhileItWaits() throws Exception {
        // When
        Invocation invocation = complete("--corpus", "wells", "time", "--wait", "2");

        // Then
        assertThat(invocation.exitCode()).isEqualTo(1);
        assertThat(invocation.err())
                .isEqualTo(
                        "inkstream: Corpus 'wells' has had no checkpoint within 2 s: 'inkstream watch' shows how its "
                                + "training goes.\n");
        assertThat(topics()).noneMatch(topic -> topic.startsWith(PREFIX));
    }

    private static Set<String> topics() throws Exception {
        try (Admin admin = Cluster.admin(connection)) {
            return admin.listTopics().names().get();
        }
    }

    private static Invocation complete(String... arguments) {
        List<String> all = new ArrayList<>(List.of("complete"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--bootstrap-servers", connection.bootstrapServers()));
        all.addAll(List.of("--schema-registry", connection.schemaRegistryUrl()));
        all.addAll(List.of("--topic-prefix", PREFIX));
        return Invocation.of(all.toArray(String[]::new));
    }
}
